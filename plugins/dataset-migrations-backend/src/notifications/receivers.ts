import { Consumer } from '@skein/backstage-plugin-dataset-migrations-common';
import { EVENTS_TOPIC } from './senders';
import { AnnouncementKind } from './types';

/** Whom an announcement goes to, and how. */
export interface Receiver {
  kind: string;
  /** Entity ref: the consumer, the owner, or the dataset for everybody. */
  ref: string;
  /** For people. */
  target: string;
  consumer?: Consumer;
}

/**
 * Whether the owner of the dataset is told. A campaign tells each owner once how
 * it went, so not of every dataset that succeeded; what wants a person's
 * attention is told at once.
 */
export function tellsOwner(
  kind: AnnouncementKind,
  migration: { campaignId?: string },
): boolean {
  return kind !== 'succeeded' || migration.campaignId === undefined;
}

/**
 * The receivers of one announcement: every consumer that declares a callback,
 * each owner of the dataset or of a consumer once, and once each of the other
 * ways.
 *
 * @param options.kinds - the ways that are installed
 * @param options.owner - of the dataset, if it is to be told
 */
export function receiversOf(options: {
  kinds: string[];
  datasetRef: string;
  owner?: string;
  consumers: Consumer[];
}): Receiver[] {
  const { kinds, datasetRef, owner, consumers } = options;
  return kinds.flatMap((kind): Receiver[] => {
    switch (kind) {
      case 'webhook':
        return consumers
          .filter(consumer => consumer.webhook !== undefined)
          .map(consumer => ({
            kind,
            ref: consumer.entityRef,
            target: consumer.webhook!,
            consumer,
          }));
      case 'notification':
        return ownersOf(owner, consumers).map(ref => ({
          kind,
          ref,
          target: ref,
        }));
      case 'event':
        return [{ kind, ref: datasetRef, target: EVENTS_TOPIC }];
      default:
        return [{ kind, ref: datasetRef, target: kind }];
    }
  });
}

function ownersOf(owner: string | undefined, consumers: Consumer[]): string[] {
  const owners = [owner, ...consumers.map(consumer => consumer.owner)];
  return [...new Set(owners)].filter(ref => ref !== undefined);
}
