import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { committed } from '../database/committed';
import { Telemetry } from '../telemetry/types';
import { CLAIM_MARGIN_SECONDS, DeliveryRunner } from './DeliveryRunner';
import { DirectClaim, NewDelivery } from './DeliveryStore';
import { Sender } from './senders';
import { newHead } from './streamHeads';

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
  private readonly underWay = new Set<Promise<void>>();
  private readonly breaking = new AbortController();
  private stopping = false;

  constructor(
    private readonly options: {
      runner: DeliveryRunner;
      senders: Sender[];
      telemetry: Telemetry;
      logger: LoggerService;
    },
  ) {
    this.senders = new Map(
      options.senders
        .filter(({ direct }) => direct)
        .map(sender => [sender.kind, sender]),
    );
  }

  /** Which of them this process makes, as far as they are the first in their streams. */
  claim(deliveries: NewDelivery[]): DirectClaim {
    const room = this.stopping ? 0 : MOST - this.underWay.size;
    const direct = deliveries
      .filter(({ kind }) => this.senders.has(kind))
      .slice(0, Math.max(0, room));
    const longest = Math.max(
      0,
      ...direct.map(({ kind }) => this.senders.get(kind)!.timeoutMs),
    );
    return {
      ids: direct.map(({ id }) => id),
      seconds: longest / 1000 + CLAIM_MARGIN_SECONDS,
    };
  }

  /** Makes them once the transaction in which they were claimed has committed. */
  make(trx: Knex.Transaction, claimed: NewDelivery[]): void {
    for (const delivery of claimed) {
      const made = this.makeOne(trx, delivery).finally(() =>
        this.underWay.delete(made),
      );
      this.underWay.add(made);
    }
  }

  /**
   * Claims no more; returns when all have ended, or have got a job. The queue must be
   * there for that.
   */
  async stop(): Promise<void> {
    this.stopping = true;
    const breakOff = setTimeout(() => this.breaking.abort(), PATIENCE_MS);
    await Promise.all(this.underWay);
    clearTimeout(breakOff);
    // What was claimed just before, and is not begun.
    this.breaking.abort();
  }

  private async makeOne(
    trx: Knex.Transaction,
    delivery: NewDelivery,
  ): Promise<void> {
    const { runner, telemetry, logger } = this.options;
    if (!(await committed(trx))) {
      return;
    }
    try {
      await telemetry.job('deliver', () =>
        runner.deliverClaimed(newHead(delivery), this.breaking.signal),
      );
    } catch (error) {
      logger.warn(
        `Delivery ${delivery.id} is left to the task that looks for what stalls: ${error}`,
      );
    }
  }
}
