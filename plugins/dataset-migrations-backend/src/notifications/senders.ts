import { LoggerService } from '@backstage/backend-plugin-api';
import { CustomErrorBase } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { EventsService } from '@backstage/plugin-events-node';
import {
  NotificationSendOptions,
  NotificationService,
} from '@backstage/plugin-notifications-node';
import { Notifier } from '@skein/backstage-plugin-dataset-migrations-node';
import { DeliveryRecord } from './DeliveryStore';

/** Topic of the events service on which every announcement is published. */
export const EVENTS_TOPIC = 'dataset-migrations';

/** Of what is asked inside the portal, or by a notifier. */
const TIMEOUT_MS = 30_000;

/** Behind these ways is one service each, which tells thousands. */
export const AT_A_TIME = 8;

/** One way to deliver; named by the `kind` of its deliveries. */
export interface Sender {
  readonly kind: string;
  /** How long an attempt may take; a slot waits no longer. */
  readonly timeoutMs: number;
  /** Calls to one receiver that jobs make at a time, at most, over all processes. */
  readonly atATime: number;
  /** Whether the process that announces something makes the first attempt, at once. */
  readonly direct?: boolean;
  /** Throws an `UndeliverableError` where another attempt is pointless. */
  send(
    delivery: DeliveryRecord,
    signal: AbortSignal,
  ): Promise<{ status?: number } | void>;
}

/** An answer that is a failure, worth another attempt. */
export class HttpStatusError extends CustomErrorBase {
  name = 'HttpStatusError';
  constructor(
    message: string,
    readonly status: number,
    /** How long the receiver asks not to be called. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}

/** The receiver does not want this very event; it hardly will, tried more often. */
export class RefusedError extends HttpStatusError {
  name = 'RefusedError';
}

/** It did not answer, or could not be connected to: calling again costs time. */
export class UnreachableError extends CustomErrorBase {
  name = 'UnreachableError';
}

/** Some of it was done within the time of an attempt; the rest is to be done at once. */
export class UnfinishedError extends CustomErrorBase {
  name = 'UnfinishedError';
}

/** Too many calls to its host are under way here; none was made. */
export class BusyError extends CustomErrorBase {
  name = 'BusyError';
  constructor(message: string, readonly retryInSeconds: number) {
    super(message);
  }
}

/**
 * Tells owners through Backstage's notifications. Their service cannot be interrupted: who
 * waits for it does not wait longer than the timeout.
 */
export class NotificationSender implements Sender {
  readonly kind = 'notification';
  readonly timeoutMs = TIMEOUT_MS;
  readonly atATime = AT_A_TIME;

  constructor(private readonly notifications: NotificationService) {}

  async send(delivery: DeliveryRecord): Promise<void> {
    await this.notifications.send({
      recipients: { type: 'entity', entityRef: delivery.consumerRef },
      payload: payloadOf(delivery),
    });
  }
}

/** What people are shown of an event. */
export function payloadOf(
  delivery: DeliveryRecord,
): NotificationSendOptions['payload'] {
  const { body } = delivery;
  const data = body.data as {
    title: string;
    summary: string;
    link: string;
    severity?: 'normal' | 'high';
  };
  return {
    title: data.title,
    description: data.summary,
    link: data.link,
    topic: String(body.type),
    scope: scopeOf(delivery),
    severity: data.severity ?? severityOf(String(body.type)),
  };
}

/**
 * One that comes twice replaces itself. What is to come of a migration is one notification
 * for each receiver that says the newest: a migration is blocked seconds after it was
 * announced. Whoever is in several teams has one for each, as each is told of its own.
 */
function scopeOf({ consumerRef, body }: DeliveryRecord): string {
  const { id, type, data } = body;
  return /^dev\.skein\.dataset-migration\.(announced|blocked)$/.test(
    String(type),
  )
    ? `${(data as JsonObject).migrationId} is to come for ${consumerRef}`
    : String(id);
}

function severityOf(type: string): 'normal' | 'high' {
  return /\.(blocked|overridden|reminder|failed|retiring)$/.test(type)
    ? 'high'
    : 'normal';
}

/** Publishes on the events service, which cannot be interrupted either. */
export class EventSender implements Sender {
  readonly kind = 'event';
  readonly direct = true;
  readonly timeoutMs = TIMEOUT_MS;
  readonly atATime = AT_A_TIME;

  constructor(private readonly events: EventsService) {}

  async send({ body }: DeliveryRecord): Promise<void> {
    await this.events.publish({ topic: EVENTS_TOPIC, eventPayload: body });
  }
}

/** Hands announcements to a notifier that a module brought. */
export class NotifierSender implements Sender {
  readonly kind: string;
  readonly timeoutMs = TIMEOUT_MS;
  readonly atATime = AT_A_TIME;

  constructor(
    private readonly options: { notifier: Notifier; logger: LoggerService },
  ) {
    this.kind = options.notifier.id;
  }

  async send(
    { body, redeliveries }: DeliveryRecord,
    signal: AbortSignal,
  ): Promise<void> {
    const { notifier, logger } = this.options;
    await notifier.notify(
      {
        id: body.id as string,
        source: body.source as string,
        type: body.type as string,
        subject: body.subject as string,
        time: body.time as string,
        data: body.data as JsonObject,
      },
      {
        signal,
        logger: logger.child({ notifier: notifier.id }),
        redelivery: redeliveries,
      },
    );
  }
}
