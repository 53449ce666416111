import { NotificationService } from '@backstage/plugin-notifications-node';
import { Followers } from '../followers/Followers';
import { DeliveryRecord, DeliveryStore } from './DeliveryStore';
import {
  AT_A_TIME,
  payloadOf,
  Sender,
  UnfinishedError,
  UnreachableError,
} from './senders';

/** Users of one request to the notifications backend, which takes 100 kB. */
const RECIPIENTS = 500;

/** It notifies some hundred users a second. */
const REQUEST_MS = 40_000;

/** After which no further request is made within an attempt. */
const REQUESTS_MS = 60_000;

/** Leaves time to ask the catalog who they are. */
const TIMEOUT_MS = 120_000;

/**
 * Tells those who follow a dataset through Backstage's notifications. Who they are is
 * looked up when they are told: who may not read the dataset any more is left out, and
 * whoever is told as an owner. Each attempt goes on where the one before came to.
 */
export class FollowerSender implements Sender {
  readonly kind = 'followers';
  readonly timeoutMs = TIMEOUT_MS;
  readonly atATime = AT_A_TIME;

  /**
   * @param options.requestMs - after which a request is given up, by default 40 seconds
   * @param options.requestsMs - after which an attempt makes no more of them, by default
   *   a minute
   */
  constructor(
    private readonly options: {
      notifications: NotificationService;
      followers: Pick<Followers, 'toTell'>;
      deliveries: Pick<DeliveryStore, 'ownersToldOf' | 'noteToldTo'>;
      requestMs?: number;
      requestsMs?: number;
    },
  ) {}

  async send(delivery: DeliveryRecord, signal: AbortSignal): Promise<void> {
    const { deliveries, requestsMs = REQUESTS_MS } = this.options;
    const until = performance.now() + requestsMs;
    const users = await this.stillToTell(delivery);
    for (let at = 0; at < users.length; at += RECIPIENTS) {
      signal.throwIfAborted();
      if (at > 0 && performance.now() >= until) {
        throw new UnfinishedError(
          `${at} of ${users.length} followers were told in time`,
        );
      }
      const some = users.slice(at, at + RECIPIENTS);
      await this.tell(delivery, some, { isFirst: at === 0 });
      await deliveries.noteToldTo(delivery.id, some[some.length - 1]);
    }
  }

  /** In one order, whatever the database sorts by. */
  private async stillToTell(delivery: DeliveryRecord): Promise<string[]> {
    const { followers, deliveries } = this.options;
    const { id, consumerRef: datasetRef, createdAt, toldTo } = delivery;
    const users = await followers.toTell(datasetRef, {
      told: await deliveries.ownersToldOf(id),
      followedBy: new Date(createdAt),
    });
    return users
      .filter(ref => toldTo === undefined || ref > toldTo)
      .sort((a, b) => (a < b ? -1 : 1));
  }

  /** Their service cannot be interrupted, so it is not waited for any longer. */
  private async tell(
    delivery: DeliveryRecord,
    users: string[],
    { isFirst }: { isFirst: boolean },
  ): Promise<void> {
    const { notifications, requestMs = REQUEST_MS } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const message = `The notifications gave no answer within ${
          requestMs / 1000
        } seconds`;
        // Who answered a moment ago is there: others need not be left alone.
        reject(isFirst ? new UnreachableError(message) : new Error(message));
      }, requestMs);
    });
    try {
      await Promise.race([
        notifications.send({
          recipients: { type: 'entity', entityRef: users },
          // Nobody is asked to do anything.
          payload: { ...payloadOf(delivery), severity: 'normal' },
        }),
        late,
      ]);
    } finally {
      clearTimeout(timer);
    }
  }
}
