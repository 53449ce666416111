import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { committed } from '../database/committed';
import { CLAIM_MARGIN_SECONDS, DeliveryRunner } from './DeliveryRunner';
import { DeliveryStore, Inserted, NewDelivery } from './DeliveryStore';
import { Sender } from './senders';
import { newHead } from './streamHeads';
import { StreamMember } from './streams';

/** Made at a time by a process; what is beyond that gets jobs. */
const MOST = 4;

/** How long a process that stops waits for those under way before it breaks them off. */
const PATIENCE_MS = 2_000;

/**
 * Deliveries that the process makes which announced them, as soon as what they tell has
 * committed, and without a job: to services that are behind the portal itself and
 * answer at once, see {@link Sender.direct}. Only the first of its stream is made so,
 * and only the first attempt at it. They are claimed as others are, and one that a
 * crash leaves behind is found as what has lost its job is.
 */
export class DirectDeliveries {
  private readonly senders: Map<string, Sender>;
  /** From before they are written until they have ended, or have a job. */
  private readonly underWay = new Set<Promise<void>>();
  private readonly breaking = new AbortController();
  private stopping = false;

  constructor(
    private readonly options: {
      deliveries: DeliveryStore;
      runner: DeliveryRunner;
      senders: Sender[];
      logger: LoggerService;
    },
  ) {
    this.senders = new Map(
      options.senders
        .filter(({ direct }) => direct)
        .map(sender => [sender.kind, sender]),
    );
  }

  /**
   * Writes deliveries, and makes those that are for it once that has committed.
   *
   * @returns those that need a job
   */
  async insert(
    trx: Knex.Transaction,
    deliveries: NewDelivery[],
  ): Promise<StreamMember[]> {
    const room = this.stopping ? 0 : MOST - this.underWay.size;
    const chosen = deliveries
      .filter(({ kind }) => this.senders.has(kind))
      .slice(0, Math.max(0, room));
    const timeouts = chosen.map(
      ({ kind }) => this.senders.get(kind)!.timeoutMs,
    );
    const inserted = this.options.deliveries.insert(trx, deliveries, {
      ids: chosen.map(({ id }) => id),
      seconds: Math.max(0, ...timeouts) / 1000 + CLAIM_MARGIN_SECONDS,
    });
    for (const delivery of chosen) {
      const made = this.make(trx, delivery, inserted).finally(() =>
        this.underWay.delete(made),
      );
      this.underWay.add(made);
    }
    return (await inserted).others;
  }

  /**
   * Takes no more; returns when all have ended, or have got a job. The queue must be
   * there for that.
   */
  async stop(): Promise<void> {
    this.stopping = true;
    const patience = setTimeout(() => this.breaking.abort(), PATIENCE_MS);
    while (this.underWay.size > 0) {
      await Promise.all(this.underWay);
    }
    clearTimeout(patience);
  }

  private async make(
    trx: Knex.Transaction,
    delivery: NewDelivery,
    inserted: Promise<Inserted>,
  ): Promise<void> {
    const { runner, logger } = this.options;
    const claimed = await inserted.then(
      found => found.claimed,
      // Whoever wrote it hears of that.
      () => undefined,
    );
    const claimedAt = performance.now();
    if (!claimed?.has(delivery.id) || !(await committed(trx))) {
      return;
    }
    try {
      await runner.deliverClaimed(newHead(delivery), {
        claimedAt,
        signal: this.breaking.signal,
      });
    } catch (error) {
      logger.warn(
        `Delivery ${delivery.id} is left to the task that looks for what stalls: ${error}`,
      );
    }
  }
}
