import { LoggerService } from '@backstage/backend-plugin-api';
import { assertError } from '@backstage/errors';
import { UndeliverableError } from '@skein/backstage-plugin-dataset-migrations-node';
import { Knex } from 'knex';
import { storableText } from '../datasets/storableJson';
import { withoutSecrets } from '../secrets/withoutSecrets';
import { Telemetry } from '../telemetry/types';
import { BackoffSettings, nextAttemptIn, restAfter, spanOf } from './backoff';
import { DeliveryJobs } from './DeliveryJobs';
import { DeliveryStore, DIRECTLY } from './DeliveryStore';
import { cutRestShort, endRest, letRest } from './restingReceivers';
import {
  BusyError,
  RefusedError,
  Sender,
  UnfinishedError,
  UnreachableError,
} from './senders';
import { sendInTime } from './sendInTime';
import { claimHead, headOf, releaseHead, StreamHead } from './streamHeads';
import { isKeyOf, receiverOf } from './streams';
import { DeliveryJob } from './types';

const MAX_ERROR_LENGTH = 500;

/**
 * A job goes on with what follows in its stream for so long; another one does the
 * rest, so that the other streams of its receiver have their turn.
 */
const SLICE_MS = 10_000;

/**
 * Attempts at an event that is refused: 22 minutes with the backoff as it is by
 * default, enough for a deployment. What comes behind it would wait a day.
 */
const REFUSED_ATTEMPTS = 5;

const UNDELIVERABLE: UndeliverableError['name'] = 'UndeliverableError';

/** Beyond the sender's time, until a call has surely ended: it begins within it. */
export const CLAIM_MARGIN_SECONDS = 5;

/** Until a stream is looked at again whose head another job was faster to claim. */
const CLAIMED_AGAIN_SECONDS = 1;

/** Who makes an attempt: a job, or nobody that has one. */
type Attempting = Pick<DeliveryJob, 'jobId' | 'signal' | 'complete'>;

/** Makes the deliveries of a stream, in order, and writes down how they went. */
export class DeliveryRunner {
  private readonly senders: Map<string, Sender>;

  constructor(
    private readonly options: {
      knex: Knex;
      jobs: DeliveryJobs;
      deliveries: DeliveryStore;
      senders: Sender[];
      backoff: BackoffSettings;
      telemetry: Telemetry;
      logger: LoggerService;
    },
  ) {
    this.senders = new Map(
      options.senders.map(sender => [sender.kind, sender]),
    );
  }

  async deliver(deliveryId: string, job: DeliveryJob): Promise<void> {
    const member = { id: deliveryId, jobId: job.jobId };
    const { knex } = this.options;
    const until = performance.now() + SLICE_MS;
    let head = await headOf(knex, member);
    if (head && !isKeyOf(head, job.key)) {
      // An earlier release has a key for each delivery: others may be at its stream.
      await this.handOver(job, head);
      return;
    }
    // One that is not due has a job of its own.
    while (head?.due) {
      if (!(await this.attend(head, job))) {
        return;
      }
      const next = await headOf(knex, member);
      if (next && performance.now() > until) {
        await this.handOver(job, next);
        return;
      }
      head = next;
    }
  }

  /**
   * Makes one attempt without a job, at a head that was claimed as it was written. If it
   * does not succeed, or comes too late, it gets a job; what follows it has one.
   *
   * @param options.claimedAt - by `performance.now()`
   * @param options.signal - breaks it off, so that a job makes it
   */
  async deliverClaimed(
    head: StreamHead,
    options: { claimedAt: number; signal: AbortSignal },
  ): Promise<void> {
    const { knex, jobs } = this.options;
    const { claimedAt, signal } = options;
    const job = { jobId: DIRECTLY, signal, async complete() {} };
    const heldSeconds = (performance.now() - claimedAt) / 1000;
    if (!signal.aborted && heldSeconds < CLAIM_MARGIN_SECONDS) {
      try {
        await this.attempt(this.senders.get(head.kind)!, head, job);
        return;
      } catch (error) {
        if (!signal.aborted) {
          throw error;
        }
      }
    } else {
      await this.release(head, job);
    }
    await knex.transaction(trx => jobs.enqueue(trx, [head]));
  }

  async markDead(deliveryId: string, error: string): Promise<void> {
    const head = await headOf(this.options.knex, { id: deliveryId });
    if (head?.due) {
      await this.end(head, new UndeliverableError(error), {
        // For what waits behind it.
        startAfterSeconds: 0,
      });
    }
  }

  /**
   * Does what there is to be done of a head that is due.
   *
   * @returns whether it has ended, so that what follows it has its turn; else the
   *   stream has another job, or the job was interrupted
   * @throws the signal's reason when it is aborted
   */
  private async attend(head: StreamHead, job: DeliveryJob): Promise<boolean> {
    const { knex, backoff } = this.options;
    if (head.heldSeconds > 0) {
      if (head.vainSeconds > spanOf(backoff)) {
        await this.end(
          head,
          new UndeliverableError(
            `Not sent: its receiver has not answered for ${Math.floor(
              head.vainSeconds / 60,
            )} minutes`,
          ),
        );
        return true;
      }
      await this.handOver(job, head, {
        seconds: head.heldSeconds,
        all: head.resting,
      });
      return false;
    }
    const sender = this.senders.get(head.kind);
    if (!sender) {
      await this.end(
        head,
        new UndeliverableError(
          `No notifier '${head.kind}' is installed any more`,
        ),
      );
      return true;
    }
    const claimed = await claimHead(knex, head, {
      jobId: job.jobId,
      seconds: sender.timeoutMs / 1000 + CLAIM_MARGIN_SECONDS,
    });
    if (!claimed) {
      await this.handOver(job, head, { seconds: CLAIMED_AGAIN_SECONDS });
      return false;
    }
    return this.attempt(sender, head, job);
  }

  /** Makes one attempt. Returns and throws as {@link DeliveryRunner.attend}. */
  private async attempt(
    sender: Sender,
    head: StreamHead,
    job: Attempting,
  ): Promise<boolean> {
    const { knex, deliveries, telemetry } = this.options;
    try {
      const sent = await sendInTime(sender, head, job.signal);
      await deliveries.markDelivered(head.id, sent?.status);
    } catch (error) {
      if (job.signal.aborted) {
        await this.release(head, job);
      }
      // Interrupted, not failed: the job goes back as it was.
      job.signal.throwIfAborted();
      assertError(error);
      if (error instanceof BusyError) {
        // The receivers at other hosts have the slot.
        await this.release(head, job);
        await this.handOver(job, head, {
          seconds: error.retryInSeconds,
          all: true,
        });
        return false;
      }
      if (error instanceof UnfinishedError) {
        await this.release(head, job);
        if (head.resting) {
          await endRest(knex, receiverOf(head));
        }
        await this.handOver(job, head);
        return false;
      }
      if (head.resting && mayBeUncalled(error)) {
        // Another delivery has to show whether its receiver answers again.
        await cutRestShort(knex, receiverOf(head));
      }
      return this.failed(head, error);
    }
    telemetry.deliveryEnded(head.kind, 'delivered');
    if (head.resting) {
      await endRest(knex, receiverOf(head));
    }
    return true;
  }

  /** Gives back what was not called. Without it the claim ends by itself, later. */
  private async release(
    head: StreamHead,
    { jobId }: Pick<DeliveryJob, 'jobId'>,
  ): Promise<void> {
    const { knex, logger } = this.options;
    try {
      await releaseHead(knex, { id: head.id, jobId });
      if (head.resting) {
        await cutRestShort(knex, receiverOf(head));
      }
    } catch (error) {
      logger.warn(`Delivery ${head.id} stays claimed for a while: ${error}`);
    }
  }

  /** @returns whether that was the last attempt */
  private async failed(
    head: StreamHead,
    error: Error & { status?: number; retryAfterSeconds?: number },
  ): Promise<boolean> {
    const { backoff } = this.options;
    const nextInSeconds =
      // By its name, as a notifier may have the class from another installation.
      error.name === UNDELIVERABLE
        ? undefined
        : nextAttemptIn(backoff, {
            failed: head.attempts + 1,
            atLeastSeconds: error.retryAfterSeconds,
            most: error instanceof RefusedError ? REFUSED_ATTEMPTS : undefined,
          });
    await this.end(head, error, {
      nextInSeconds,
      startAfterSeconds: nextInSeconds,
    });
    return nextInSeconds === undefined;
  }

  /**
   * Writes a failed attempt down.
   *
   * @param then.nextInSeconds - until the next attempt, unless it was the last one
   * @param then.startAfterSeconds - until another job goes on with the stream, unless
   *   this one does
   */
  private async end(
    head: StreamHead,
    error: Error & { status?: number },
    then: { nextInSeconds?: number; startAfterSeconds?: number } = {},
  ): Promise<void> {
    const { nextInSeconds, startAfterSeconds } = then;
    const { knex, jobs, deliveries, telemetry, logger } = this.options;
    const message = withoutSecrets(error.message);
    await knex.transaction(async trx => {
      await deliveries.markFailed(trx, head.id, {
        error: storableText(message.slice(0, MAX_ERROR_LENGTH)),
        status: Number.isInteger(error.status) ? error.status : undefined,
        nextInSeconds,
      });
      if (startAfterSeconds !== undefined) {
        await jobs.enqueue(trx, [head], startAfterSeconds);
      }
      await this.noteAnswer(trx, head, error);
    });
    const outcome = nextInSeconds === undefined ? 'dead' : 'failed';
    telemetry.deliveryEnded(head.kind, outcome);
    logger.warn(
      `Delivery ${head.id} (${head.kind}) to ${head.target} is ${outcome}: ${message}`,
    );
  }

  /** Lets a receiver rest that did not answer, and ends the rest of one that did. */
  private async noteAnswer(
    trx: Knex.Transaction,
    head: StreamHead,
    error: Error & { status?: number },
  ): Promise<void> {
    const { jobs, backoff } = this.options;
    const receiver = receiverOf(head);
    if (error instanceof UnreachableError) {
      const seconds = await letRest(trx, receiver, {
        probed: head.resting,
        restAfter: failures => restAfter(backoff, failures),
      });
      if (seconds !== undefined) {
        await jobs.postpone(trx, receiver, seconds);
      }
      return;
    }
    if (head.resting && !mayBeUncalled(error)) {
      await endRest(trx, receiver);
    }
  }

  /**
   * Ends the job, and gives the stream another one in the same transaction.
   *
   * @param later.seconds - until that one starts
   * @param later.all - whether nothing else is sent to the receiver before, either
   */
  private async handOver(
    job: Pick<DeliveryJob, 'complete'>,
    head: StreamHead,
    later: { seconds?: number; all?: boolean } = {},
  ): Promise<void> {
    const { knex, jobs } = this.options;
    const { seconds = 0, all = false } = later;
    await knex.transaction(async trx => {
      await jobs.enqueue(trx, [head], seconds);
      if (all) {
        await jobs.postpone(trx, receiverOf(head), seconds);
      }
      await job.complete(trx);
    });
  }
}

/** Whether what is final may be so without a call, as it has no status. */
function mayBeUncalled(error: Error & { status?: number }): boolean {
  return error.name === UNDELIVERABLE && error.status === undefined;
}
