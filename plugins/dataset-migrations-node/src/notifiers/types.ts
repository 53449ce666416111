import { LoggerService } from '@backstage/backend-plugin-api';
import { JsonObject } from '@backstage/types';

/**
 * What is told about a migration, in words of CloudEvents 1.0. What is told of one
 * dataset comes in order, the next one when the one before was taken.
 *
 * @public
 */
export interface Announcement {
  /** CloudEvents id: the same for every attempt at the same delivery. */
  id: string;
  /** CloudEvents source: which portal tells it. */
  source: string;
  /** CloudEvents type, e.g. `dev.skein.dataset-migration.succeeded`. */
  type: string;
  /** CloudEvents subject: the dataset's entity ref. */
  subject: string;
  time: string;
  data: JsonObject;
}

/**
 * Another way to tell the world (SNS, a chat). Called from the outbox, at least
 * once for every announcement, retried with backoff when it throws something other
 * than an {@link UndeliverableError}; never blocks a migration (G7). A number in the
 * property `status` of what it throws is shown with the delivery.
 *
 * @public
 */
export interface Notifier {
  id: string;
  notify(
    announcement: Announcement,
    options: {
      signal: AbortSignal;
      logger: LoggerService;
      /**
       * How many times a person had this announcement sent again. A receiver that
       * drops what it knows by the id is to take it once more.
       */
      redelivery?: number;
    },
  ): Promise<void>;
}
