import {
  Consumer,
  DeclaredConsumer,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { withFieldUse } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Knex } from 'knex';
import { joinFieldUse } from '../fieldUse/store/joinFieldUse';
import { FieldUseColumns, fieldUseOf } from '../fieldUse/store/fieldUseOf';
import {
  LineageColumns,
  silenceOf,
  SilenceRule,
  silentSince,
} from '../fieldUse/store/silenceOf';
import { inBatches } from '../database/inBatches';
import { ConsumerPermissionResource } from '../permissions/consumerRules';
import { displayAddress } from '../notifications/webhooks/addresses';
import { storableJson, storableText } from '../datasets/storableJson';

interface ConsumerRow {
  dataset_ref: string;
  consumer_ref: string;
  title: string | null;
  owner: string | null;
  source: Consumer['source'];
  version_constraint: string | null;
  fields: string[] | null;
  webhook: string | null;
  problem: string | null;
  source_url: string | null;
  sql_dialect: string | null;
  source_complete: boolean;
  source_problem: string | null;
}

type ConsumerWithUseRow = ConsumerRow &
  FieldUseColumns &
  Partial<LineageColumns>;

const DETAILS = [
  'title',
  'owner',
  'source',
  'version_constraint',
  'fields',
  'webhook',
  'problem',
  'source_url',
  'sql_dialect',
  'source_complete',
  'source_problem',
];

/** Who reads what. */
export interface ConsumerKey {
  datasetRef: string;
  entityRef: string;
}

/** The same text for the same key. */
export function keyOf({ datasetRef, entityRef }: ConsumerKey): string {
  return `${datasetRef} ${entityRef}`;
}

type KeyRow = Pick<ConsumerRow, 'dataset_ref' | 'consumer_ref'>;

/** Who reads which dataset: the table `consumers`. */
export class ConsumerStore {
  /**
   * @param options.silentForMs - tells of fields that no run has read for so long;
   *   nothing of it when absent
   * @param options.now - the time by which runs are old
   */
  constructor(
    private readonly knex: Knex,
    private readonly options: { silentForMs?: number; now?(): Date } = {},
  ) {}

  /** The database's clock, for `before` of {@link ConsumerStore.removeOthers}. */
  async now(): Promise<Date> {
    const { rows } = await this.knex.raw('SELECT now() AS now');
    return rows[0].now;
  }

  /** How many consumers of a dataset are known, with the database's clock. */
  async countNow(datasetRef: string): Promise<{ count: number; now: Date }> {
    const [row] = await this.knex('consumers')
      .where({ dataset_ref: datasetRef })
      .select(this.knex.raw('count(*)::int AS count, now() AS now'));
    return row;
  }

  /**
   * The consumers of a dataset, by entity ref, with the fields that they say they
   * read and those that they were found to read.
   * @param options.only - entity refs
   * @param options.trx - reads as of it
   */
  async ofDataset(
    datasetRef: string,
    options: { only?: readonly string[]; trx?: Knex.Transaction } = {},
  ): Promise<Consumer[]> {
    const { only, trx = this.knex } = options;
    const query = trx('consumers')
      .where({ 'consumers.dataset_ref': datasetRef })
      .orderBy('consumers.consumer_ref');
    if (only) {
      query.whereRaw('consumers.consumer_ref = any(?)', [[...only]]);
    }
    const found = await this.read(query, trx);
    return found.map(({ consumer }) => consumer);
  }

  /**
   * The same of several datasets, for those that have any.
   *
   * @param limit - of the consumers of all of them together
   */
  async ofDatasets(
    datasetRefs: string[],
    limit?: number,
  ): Promise<Map<string, Consumer[]>> {
    if (datasetRefs.length === 0) {
      return new Map();
    }
    const query = this.knex('consumers')
      .whereRaw('consumers.dataset_ref = any(?)', [datasetRefs])
      .orderBy(['consumers.dataset_ref', 'consumers.consumer_ref']);
    if (limit !== undefined) {
      query.limit(limit);
    }
    const rows = await this.read(query);
    const found = new Map<string, Consumer[]>();
    for (const { datasetRef, consumer } of rows) {
      const known = found.get(datasetRef);
      if (known) {
        known.push(consumer);
      } else {
        found.set(datasetRef, [consumer]);
      }
    }
    return found;
  }

  /** What permission rules look at, in the order of the refs; see `isConsumerOwner`. */
  async resources(
    consumerRefs: string[],
  ): Promise<Array<ConsumerPermissionResource | undefined>> {
    const rows: Array<Pick<ConsumerRow, 'consumer_ref' | 'owner'>> =
      await this.knex('consumers')
        .distinctOn('consumer_ref')
        .select('consumer_ref', 'owner')
        .whereRaw('consumer_ref = any(?)', [consumerRefs])
        // What was read of it last.
        .orderBy([
          { column: 'consumer_ref' },
          { column: 'updated_at', order: 'desc' },
        ]);
    const byRef = new Map(
      rows.map(({ consumer_ref: entityRef, owner }) => [
        entityRef,
        { entityRef, owner: owner ?? undefined },
      ]),
    );
    return consumerRefs.map(ref => byRef.get(ref));
  }

  /**
   * What an entity reads, by the dataset's ref.
   *
   * @param datasetRefs - of these alone
   */
  async ofEntity(
    consumerRef: string,
    limit: number,
    datasetRefs?: string[],
  ): Promise<Array<{ datasetRef: string; consumer: Consumer }>> {
    const query = this.knex('consumers')
      .where({ 'consumers.consumer_ref': consumerRef })
      .orderBy('consumers.dataset_ref')
      .limit(limit);
    if (datasetRefs) {
      query.whereRaw('consumers.dataset_ref = any(?)', [datasetRefs]);
    }
    return this.read(query);
  }

  /**
   * The callback address that a consumer declares for a dataset, in full; all
   * other readers get it without query, which may hold a secret.
   */
  async webhookOf(
    datasetRef: string,
    consumerRef: string,
  ): Promise<string | undefined> {
    const row: ConsumerRow | undefined = await this.knex('consumers')
      .where({ dataset_ref: datasetRef, consumer_ref: consumerRef })
      .first();
    return row?.webhook ?? undefined;
  }

  /** Number of consumers for each of the datasets that has any. */
  async countByDataset(datasetRefs: string[]): Promise<Map<string, number>> {
    const rows: Array<{ dataset_ref: string; count: string }> = await this.knex(
      'consumers',
    )
      .select('dataset_ref')
      .count({ count: '*' })
      .whereRaw('dataset_ref = any(?)', [datasetRefs])
      .groupBy('dataset_ref');
    return new Map(rows.map(row => [row.dataset_ref, Number(row.count)]));
  }

  /**
   * Writes what is new or different; rows that say the same already are not
   * touched.
   * @param options.before - when the consumers were not read yet: what was written since
   *   may be newer, and stays
   * @returns those that were written
   */
  async upsert(
    consumers: DeclaredConsumer[],
    options: { before?: Date } = {},
  ): Promise<ConsumerKey[]> {
    const { before } = options;
    const columns = DETAILS.map(name => `consumers.${name}`).join(', ');
    const incoming = DETAILS.map(name => `excluded.${name}`).join(', ');
    // In one order, so that two that write at once wait for each other in turn.
    const ordered = [...consumers].sort((a, b) =>
      keyOf(a) < keyOf(b) ? -1 : 1,
    );
    const changed: KeyRow[] = await inBatches(ordered, batch =>
      this.knex('consumers')
        .insert(
          batch.map(consumer => ({
            ...toRow(consumer),
            updated_at: this.knex.fn.now(),
          })),
        )
        .onConflict(['dataset_ref', 'consumer_ref'])
        .merge([...DETAILS, 'updated_at'])
        .whereRaw(
          `(${columns}) IS DISTINCT FROM (${incoming})
           AND (?::timestamptz IS NULL OR consumers.updated_at < ?)`,
          [before ?? null, before ?? null],
        )
        .returning(['dataset_ref', 'consumer_ref']),
    );
    return changed.map(toKey);
  }

  /** What was written of entities since a moment. */
  async writtenSince(
    consumerRefs: string[],
    since: Date,
  ): Promise<ConsumerKey[]> {
    const rows: KeyRow[] = await this.knex('consumers')
      .select('dataset_ref', 'consumer_ref')
      .whereRaw('consumer_ref = any(?)', [consumerRefs])
      .where('updated_at', '>=', since);
    return rows.map(toKey);
  }

  /**
   * Removes the rows that are not among `seen`, except those written since
   * `before`, which a pass that began then may have missed. What their owners
   * answered counts no longer, should they come back, nor what their runs told: those
   * of meanwhile are not known.
   * @param options.datasetRef - of that dataset only
   * @param options.consumerRefs - of these consumers only
   * @returns those that are gone
   */
  async removeOthers(options: {
    datasetRef?: string;
    consumerRefs?: string[];
    seen: ConsumerKey[];
    before: Date;
  }): Promise<ConsumerKey[]> {
    const { datasetRef, consumerRefs, seen, before } = options;
    const { rows } = await this.knex.raw(
      `WITH removed AS (
         DELETE FROM consumers
         WHERE ${datasetRef === undefined ? '' : 'dataset_ref = ? AND'}
           ${consumerRefs === undefined ? '' : 'consumer_ref = any(?) AND'}
           updated_at < ?
           AND NOT EXISTS (
             SELECT FROM unnest(?::text[], ?::text[]) AS seen (dataset_ref, consumer_ref)
             WHERE seen.dataset_ref = consumers.dataset_ref
               AND seen.consumer_ref = consumers.consumer_ref
           )
         RETURNING dataset_ref, consumer_ref
       ), superseded AS (
         UPDATE consumer_answers AS answers
         SET superseded_at = now()
         FROM removed
         WHERE answers.superseded_at IS NULL
           AND answers.dataset_ref = removed.dataset_ref
           AND answers.consumer_ref = removed.consumer_ref
       ), unheard AS (
         DELETE FROM lineage_jobs AS jobs
         USING removed
         WHERE jobs.dataset_ref = removed.dataset_ref
           AND jobs.consumer_ref = removed.consumer_ref
       )
       SELECT dataset_ref, consumer_ref FROM removed`,
      [
        ...(datasetRef === undefined ? [] : [datasetRef]),
        ...(consumerRefs === undefined ? [] : [consumerRefs]),
        before,
        seen.map(one => one.datasetRef),
        seen.map(one => one.entityRef),
      ],
    );
    return rows.map(toKey);
  }

  /** Reads consumers with what is known of the fields that they read, or no longer do. */
  private async read(
    query: Knex.QueryBuilder,
    knex: Knex = this.knex,
  ): Promise<Array<{ datasetRef: string; consumer: Consumer }>> {
    const { silentForMs, now = () => new Date() } = this.options;
    const rule =
      silentForMs === undefined ? undefined : { silentForMs, now: now() };
    const rows: ConsumerWithUseRow[] = await joinFieldUse(
      knex,
      query,
      rule && silentSince(rule),
    );
    return rows.map(row => ({
      datasetRef: row.dataset_ref,
      consumer: fromRow(row, rule),
    }));
  }
}

function toKey(row: KeyRow): ConsumerKey {
  return { datasetRef: row.dataset_ref, entityRef: row.consumer_ref };
}

function fromRow(row: ConsumerWithUseRow, rule?: SilenceRule): Consumer {
  const declared: Consumer = {
    entityRef: row.consumer_ref,
    owner: row.owner ?? undefined,
    title: row.title ?? undefined,
    source: row.source,
    constraint: row.version_constraint ?? undefined,
    fields: row.fields ?? undefined,
    webhook: row.webhook === null ? undefined : displayAddress(row.webhook),
    problem: row.problem ?? undefined,
  };
  const silence = rule && silenceOf(row, rule);
  return {
    ...withFieldUse(declared, fieldUseOf(row)),
    ...(silence && { silence }),
  };
}

function toRow(consumer: DeclaredConsumer) {
  const text = (value: string | undefined) =>
    value === undefined ? null : storableText(value);
  return {
    dataset_ref: consumer.datasetRef,
    consumer_ref: consumer.entityRef,
    title: text(consumer.title),
    owner: text(consumer.owner),
    source: consumer.source,
    version_constraint: text(consumer.constraint),
    fields: consumer.fields ? storableJson(consumer.fields) : null,
    webhook: text(consumer.webhook),
    problem: text(consumer.problem),
    source_url: text(consumer.sourceUrl),
    sql_dialect: text(consumer.sqlDialect),
    source_complete: consumer.sourceComplete ?? false,
    source_problem: text(consumer.sourceProblem),
  };
}
