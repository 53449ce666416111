import {
  Delivery,
  ListDeliveriesRequest,
  Page,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { NotFoundError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { Knex } from 'knex';
import { pageNewestFirst } from '../database/pageNewestFirst';
import { inBatches } from '../database/inBatches';
import {
  DatasetScope,
  whereDatasetInScope,
  whereInScope,
} from '../permissions/filterDatasets';
import {
  MEMBER_COLUMNS,
  MemberRow,
  receiverIn,
  sameStream,
  StreamMember,
  toMember,
} from './streams';

/** A row of `deliveries` with the CloudEvent that it delivers. */
export type DeliveryRecord = Delivery & {
  body: JsonObject;
  /** How many times a person had it sent again. */
  redeliveries: number;
  /** The last of those in order who have been told, where it is for many. */
  toldTo?: string;
};

/** A delivery to be written; the database can hold its body. */
export type NewDelivery = Pick<
  DeliveryRecord,
  | 'id'
  | 'migrationId'
  | 'datasetRef'
  | 'campaignId'
  | 'consumerRef'
  | 'kind'
  | 'eventType'
  | 'target'
  | 'body'
> & {
  /** The digest that it tells, where that is no migration and no campaign. */
  digestId?: string;
  /** Tells apart what its receiver is told several times of the same. */
  occurrence: number;
};

/** Deliveries that a process would make at once, and without a job. */
export interface DirectClaim {
  ids: string[];
  /** How long nobody else makes them. */
  seconds: number;
}

/** By whom they are claimed: nobody who would look for what follows in their streams. */
export const DIRECTLY = 'direct';

/** What became of deliveries that are new. */
export interface Inserted {
  /** Ids of those that are made without a job. */
  claimed: ReadonlySet<string>;
  /** Those that need one. */
  others: StreamMember[];
}

const DEFAULT_LIMIT = 20;

/** The table `deliveries`. */
export class DeliveryStore {
  constructor(private readonly knex: Knex) {}

  /**
   * @param claim - which of them are claimed if they are first in their streams, and
   *   their receiver does not rest
   * @returns those that are new, but for what waits behind one that has a job and
   *   follows by itself. What waits behind one that is made directly does not
   */
  async insert(
    trx: Knex.Transaction,
    deliveries: NewDelivery[],
    claim: DirectClaim,
  ): Promise<Inserted> {
    const rows: MemberRow[] = await inBatches(deliveries, batch =>
      trx('deliveries')
        .insert(
          batch.map(delivery => ({
            id: delivery.id,
            migration_id: delivery.migrationId,
            dataset_ref: delivery.datasetRef,
            campaign_id: delivery.campaignId,
            digest_id: delivery.digestId,
            consumer_ref: delivery.consumerRef,
            kind: delivery.kind,
            event_type: delivery.eventType,
            target: delivery.target,
            occurrence: delivery.occurrence,
            body: JSON.stringify(delivery.body),
            state: 'pending',
          })),
        )
        .onConflict()
        .ignore()
        .returning([...MEMBER_COLUMNS]),
    );
    const { claimed, waiting } = await this.placeInStreams(
      trx,
      rows.map(({ id }) => id),
      claim,
    );
    return {
      claimed,
      others: rows
        .filter(({ id }) => !claimed.has(id) && !waiting.has(id))
        .map(toMember),
    };
  }

  /**
   * Tells which of these wait for earlier ones that have a job, and claims those of the
   * others that are to be made directly. Locks the earlier ones until the end of the transaction:
   * whoever ends one of them looks for its successor only then, and finds it.
   */
  private async placeInStreams(
    trx: Knex.Transaction,
    ids: string[],
    claim: DirectClaim,
  ): Promise<Record<'claimed' | 'waiting', ReadonlySet<string>>> {
    if (ids.length === 0) {
      return { claimed: new Set(), waiting: new Set() };
    }
    // The claim counts from when it is made, not from when the transaction began.
    const { rows } = await trx.raw(
      `WITH waiting AS MATERIALIZED (
         SELECT later.id
         FROM deliveries AS later
         JOIN deliveries AS earlier ON ${sameStream('earlier', 'later')}
           AND earlier.state = 'pending'
           AND (earlier.position IS NULL OR earlier.position < later.position)
           AND (earlier.claimed_until IS NULL OR earlier.claimed_by <> '${DIRECTLY}')
         WHERE later.id = any(?)
         FOR SHARE OF earlier
       ), claimed AS (
         UPDATE deliveries
         SET claimed_by = '${DIRECTLY}', claimed_until = clock_timestamp() + make_interval(secs => ?)
         WHERE id = any(?)
           AND NOT EXISTS (
             SELECT FROM deliveries AS earlier
             WHERE ${sameStream('earlier', 'deliveries')}
               AND earlier.state = 'pending'
               AND earlier.id <> deliveries.id
           )
           AND NOT EXISTS (
             SELECT FROM delivery_receivers AS resting
             WHERE resting.receiver = ${receiverIn('deliveries')}
           )
         RETURNING id
       )
       SELECT id, false AS claimed FROM waiting
       UNION ALL
       SELECT id, true FROM claimed`,
      [ids, claim.seconds, claim.ids],
    );
    const placed: Array<{ id: string; claimed: boolean }> = rows;
    const [claimed, waiting] = [true, false].map(
      which =>
        new Set(
          placed.filter(row => row.claimed === which).map(({ id }) => id),
        ),
    );
    return { claimed, waiting };
  }

  async find(id: string): Promise<DeliveryRecord | undefined> {
    const row = await this.knex('deliveries').where({ id }).first();
    return row && toRecord(row);
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<DeliveryRecord> {
    const delivery = await this.find(id);
    if (!delivery) {
      throw new NotFoundError(`There is no delivery '${id}'`);
    }
    return delivery;
  }

  /** Newest first. */
  async list(
    request: ListDeliveriesRequest,
    scope: DatasetScope,
  ): Promise<Page<Delivery>> {
    const matching = this.knex('deliveries');
    if (request.migrationId !== undefined) {
      matching.where('migration_id', request.migrationId);
    }
    if (request.campaignId !== undefined) {
      matching.where('campaign_id', request.campaignId);
    }
    if (request.consumerRef !== undefined) {
      matching.where('consumer_ref', request.consumerRef);
    }
    if (request.state !== undefined) {
      matching.where('state', request.state);
    }
    this.keepInScope(matching, scope);

    return pageNewestFirst(this.knex, {
      list: 'deliveries',
      matching,
      limit: request.limit ?? DEFAULT_LIMIT,
      cursor: request.cursor,
      fromRow,
    });
  }

  /**
   * Those about datasets within a scope. What an owner is told of a campaign
   * names no dataset: it belongs to those in the campaign that the owner owns, or
   * that consumers of the owner read. A digest is of any datasets.
   */
  private keepInScope(query: Knex.QueryBuilder, scope: DatasetScope): void {
    if (scope.kind !== 'some') {
      whereInScope(query, scope);
      return;
    }
    const { knex } = this;
    const ofOwner = knex('datasets')
      .select('entity_ref')
      .whereRaw(
        `(datasets.owner = deliveries.consumer_ref OR EXISTS (
           SELECT FROM consumers
           WHERE consumers.dataset_ref = datasets.entity_ref
             AND consumers.owner = deliveries.consumer_ref))`,
      );
    whereInScope(ofOwner, scope);
    query.andWhere(seen => {
      whereDatasetInScope(knex, seen, 'deliveries.dataset_ref', scope);
      seen.orWhereExists(
        knex('campaign_datasets')
          .select(knex.raw('1'))
          .whereRaw('campaign_datasets.campaign_id = deliveries.campaign_id')
          .whereIn('campaign_datasets.dataset_ref', ofOwner),
      );
    });
  }

  /** The owners who are told the same as a delivery tells others, or still will be. */
  async ownersToldOf(id: string): Promise<string[]> {
    const rows: Array<{ consumer_ref: string }> = await this.knex(
      'deliveries as told',
    )
      .join('deliveries as same', same =>
        same
          .on('same.migration_id', 'told.migration_id')
          .on('same.event_type', 'told.event_type')
          .on('same.occurrence', 'told.occurrence'),
      )
      .where({ 'same.id': id, 'told.kind': 'notification' })
      .whereNot('told.state', 'dead')
      .select('told.consumer_ref');
    return rows.map(row => row.consumer_ref);
  }

  /** Notes how far a delivery to many came. */
  async noteToldTo(id: string, ref: string): Promise<void> {
    await this.knex('deliveries').where({ id }).update({ told_to: ref });
  }

  async markDelivered(id: string, status?: number): Promise<void> {
    await this.knex('deliveries')
      .where({ id })
      .increment('attempts')
      .update({
        state: 'delivered',
        delivered_at: this.knex.fn.now(),
        next_attempt_at: null,
        last_error: null,
        last_status: status ?? null,
        claimed_until: null,
        told_to: null,
      });
  }

  /** Writes a failed attempt down, the last one if there is no next. */
  async markFailed(
    trx: Knex,
    id: string,
    failure: { error: string; status?: number; nextInSeconds?: number },
  ): Promise<void> {
    const { error, status, nextInSeconds } = failure;
    await trx('deliveries')
      .where({ id, state: 'pending' })
      .increment('attempts')
      .update({
        state: nextInSeconds === undefined ? 'dead' : 'pending',
        last_error: error,
        last_status: status ?? null,
        claimed_until: null,
        next_attempt_at:
          nextInSeconds === undefined
            ? null
            : trx.raw('now() + make_interval(secs => ?)', [nextInSeconds]),
      });
  }

  /**
   * Lets a delivery be made anew. One that had ended goes to the end of its stream,
   * as others may have passed it.
   *
   * @throws NotFoundError
   */
  async reset(trx: Knex.Transaction, id: string): Promise<StreamMember> {
    const [row]: MemberRow[] = await trx('deliveries')
      .where({ id })
      .update({
        position: trx.raw(
          `CASE WHEN state = 'pending' THEN position ELSE nextval('deliveries_position_seq') END`,
        ),
        state: 'pending',
        attempts: 0,
        redeliveries: trx.raw('redeliveries + 1'),
        told_to: null,
        delivered_at: null,
        next_attempt_at: trx.fn.now(),
      })
      .returning([...MEMBER_COLUMNS]);
    if (!row) {
      throw new NotFoundError(`There is no delivery '${id}'`);
    }
    return toMember(row);
  }
}

/** A row of `deliveries` with its body. */
export function toRecord(row: Record<string, any>): DeliveryRecord {
  return {
    ...fromRow(row),
    body: row.body,
    redeliveries: row.redeliveries,
    toldTo: row.told_to ?? undefined,
  };
}

function fromRow(row: Record<string, any>): Delivery {
  return {
    id: row.id,
    migrationId: row.migration_id ?? undefined,
    datasetRef: row.dataset_ref ?? undefined,
    campaignId: row.campaign_id ?? undefined,
    consumerRef: row.consumer_ref,
    kind: row.kind,
    eventType: row.event_type,
    target: row.target,
    state: row.state,
    attempts: row.attempts,
    lastError: row.last_error ?? undefined,
    lastStatus: row.last_status ?? undefined,
    createdAt: row.created_at.toISOString(),
    deliveredAt: row.delivered_at?.toISOString(),
    nextAttemptAt: row.next_attempt_at?.toISOString(),
  };
}
