import { LoggerService } from '@backstage/backend-plugin-api';
import { CustomErrorBase } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { EventsService } from '@backstage/plugin-events-node';
import { NotificationService } from '@backstage/plugin-notifications-node';
import { Notifier } from '@skein/backstage-plugin-dataset-migrations-node';
import { DeliveryRecord } from './DeliveryStore';

/** Topic of the events service on which every announcement is published. */
export const EVENTS_TOPIC = 'dataset-migrations';

/** One way to deliver; named by the `kind` of its deliveries. */
export interface Sender {
  readonly kind: string;
  /** Throws {@link UndeliverableError} where another attempt is pointless. */
  send(
    delivery: DeliveryRecord,
    signal: AbortSignal,
  ): Promise<{ status?: number } | void>;
}

/** An answer that is a failure, worth another attempt. */
export class HttpStatusError extends CustomErrorBase {
  name = 'HttpStatusError';
  constructor(message: string, readonly status: number) {
    super(message);
  }
}

/** Will never be delivered as it is: a person has to look at it. */
export class UndeliverableError extends CustomErrorBase {
  name = 'UndeliverableError';
  constructor(message: string, readonly status?: number) {
    super(message);
  }
}

/** Tells owners through Backstage's notifications. */
export class NotificationSender implements Sender {
  readonly kind = 'notification';

  constructor(private readonly notifications: NotificationService) {}

  async send({ consumerRef, body }: DeliveryRecord): Promise<void> {
    const data = body.data as {
      title: string;
      summary: string;
      link: string;
      severity?: 'normal' | 'high';
    };
    await this.notifications.send({
      recipients: { type: 'entity', entityRef: consumerRef },
      payload: {
        title: data.title,
        description: data.summary,
        link: data.link,
        topic: String(body.type),
        // One that comes twice replaces itself.
        scope: body.id as string,
        severity: data.severity ?? severityOf(String(body.type)),
      },
    });
  }
}

function severityOf(type: string): 'normal' | 'high' {
  return /\.(blocked|overridden|failed)$/.test(type) ? 'high' : 'normal';
}

/** Publishes on the events service. */
export class EventSender implements Sender {
  readonly kind = 'event';

  constructor(private readonly events: EventsService) {}

  async send({ body }: DeliveryRecord): Promise<void> {
    await this.events.publish({ topic: EVENTS_TOPIC, eventPayload: body });
  }
}

/** Hands announcements to a notifier that a module brought. */
export class NotifierSender implements Sender {
  readonly kind: string;

  constructor(
    private readonly options: { notifier: Notifier; logger: LoggerService },
  ) {
    this.kind = options.notifier.id;
  }

  async send({ body }: DeliveryRecord, signal: AbortSignal): Promise<void> {
    const { notifier, logger } = this.options;
    await notifier.notify(
      {
        id: body.id as string,
        type: body.type as string,
        subject: body.subject as string,
        time: body.time as string,
        data: body.data as JsonObject,
      },
      { signal, logger: logger.child({ notifier: notifier.id }) },
    );
  }
}
