import { Knex } from 'knex';
import { JobQueue } from '../queue/types';
import { Sender } from './senders';
import { keysOf, receiverKey, StreamMember } from './streams';

/** The jobs that make deliveries: one for each stream that waits. */
export class DeliveryJobs {
  private readonly atATime: Map<string, number>;

  /** @param options.slots - for deliveries, of this process */
  constructor(
    private readonly options: {
      queue: JobQueue;
      senders: Sender[];
      slots: number;
    },
  ) {
    // One receiver that hangs leaves half of the slots to the others.
    const most = Math.max(1, Math.floor(options.slots / 2));
    this.atATime = new Map(
      options.senders.map(({ kind, atATime }) => [
        kind,
        Math.min(atATime, most),
      ]),
    );
  }

  async enqueue(
    trx: Knex.Transaction,
    members: StreamMember[],
    startAfterSeconds?: number,
  ): Promise<void> {
    await this.options.queue.enqueueAll(
      trx,
      members.map(member => ({
        payload: { task: 'deliver', deliveryId: member.id },
        key: receiverKey(member, this.atATime.get(member.kind) ?? 1),
        startAfterSeconds,
      })),
    );
  }

  /** Lets all that waits for a receiver wait so long. */
  async postpone(
    trx: Knex.Transaction,
    receiver: string,
    seconds: number,
  ): Promise<void> {
    await this.options.queue.postpone(trx, {
      task: 'deliver',
      keys: keysOf(receiver),
      seconds,
    });
  }
}
