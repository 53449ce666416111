import { NotificationService } from '@backstage/plugin-notifications-node';
import { Followers } from '../followers/Followers';
import { DeliveryRecord, DeliveryStore } from './DeliveryStore';
import { AT_A_TIME, payloadOf, Sender } from './senders';

/** Users of one request to the notifications backend, which takes 100 kB. */
const RECIPIENTS = 500;

/** It notifies some hundred users a second. */
const TIMEOUT_MS = 120_000;

/**
 * Tells those who follow a dataset through Backstage's notifications. Who they are is
 * looked up when they are told: who may not read the dataset any more is left out, and
 * whoever is told as an owner.
 */
export class FollowerSender implements Sender {
  readonly kind = 'followers';
  readonly timeoutMs = TIMEOUT_MS;
  readonly atATime = AT_A_TIME;

  constructor(
    private readonly options: {
      notifications: NotificationService;
      followers: Pick<Followers, 'toTell'>;
      deliveries: DeliveryStore;
    },
  ) {}

  async send(delivery: DeliveryRecord, signal: AbortSignal): Promise<void> {
    const { notifications, followers, deliveries } = this.options;
    const users = await followers.toTell(
      delivery.consumerRef,
      await deliveries.ownersToldOf(delivery.id),
    );
    // Nobody is asked to do anything.
    const payload = {
      ...payloadOf(delivery.body),
      severity: 'normal' as const,
    };
    for (let at = 0; at < users.length; at += RECIPIENTS) {
      signal.throwIfAborted();
      await notifications.send({
        recipients: {
          type: 'entity',
          entityRef: users.slice(at, at + RECIPIENTS),
        },
        payload,
      });
    }
  }
}
