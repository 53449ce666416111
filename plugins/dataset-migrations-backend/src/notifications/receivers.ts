import {
  Consumer,
  ConsumerVerdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { groupBy } from '../queue/groupBy';
import { EVENTS_TOPIC } from './senders';
import { Touched, touchesSome } from './touched';
import { AnnouncementKind, progressKinds, saidKinds } from './types';

/** Whom an announcement goes to, and how. */
export interface Receiver {
  kind: string;
  /** Entity ref: the consumer, the owner, or the dataset for everybody. */
  ref: string;
  /** For people. */
  target: string;
  consumer?: Consumer;
  /** Where it is the owner of consumers, and told of these. */
  touched?: Touched;
}

/** Whether the owner of the dataset is told. */
export function tellsOwner(kind: AnnouncementKind): boolean {
  return (
    !progressKinds.includes(kind) &&
    // It is they who set the dates, and others whom these remind.
    kind !== 'dates-set' &&
    kind !== 'reminder'
  );
}

/**
 * Whether owners, of the dataset and of its consumers, are not told of it within a
 * campaign that goes on. It tells each once how it went, so not of every dataset that
 * succeeded; what wants a person's attention is told at once.
 */
export function mayBeGathered(kind: AnnouncementKind): boolean {
  return kind === 'succeeded';
}

/**
 * People are not told of each step, as one of a migration follows the other within
 * seconds, but for those whose consumers it touches; nor is the events service, as that
 * would be three jobs for each dataset of a campaign.
 */
function tells(by: string, announcement: AnnouncementKind): boolean {
  if (!progressKinds.includes(announcement)) {
    return true;
  }
  return by === 'notification' ? touchesSome(announcement) : by !== 'event';
}

/**
 * Tells apart what a receiver is told several times of the same, as of a migration
 * that fails, is retried and fails again, or whose dates are set twice. It is
 * announced once.
 *
 * @param isLate - whether it is told to latecomers, which no job does: below zero, where
 *   no number of a job is, of whichever release
 */
export function occurrenceOf(
  kind: AnnouncementKind,
  { sequence, timesTold }: { sequence: number; timesTold: number },
  isLate = false,
): number {
  if (kind === 'announced') {
    return 0;
  }
  if (isLate) {
    return -timesTold;
  }
  return saidKinds.includes(kind) ? timesTold : sequence;
}

/**
 * The receivers of one announcement: every consumer that declares a callback which
 * hears of it, each owner of the dataset or of a consumer that it touches once, unless
 * it is gathered for them, all who follow the dataset together, and once each of the
 * other ways.
 *
 * @param options.kinds - the ways that are installed
 * @param options.owner - of the dataset, if it is to be told
 * @param options.followed - whether people follow the dataset who are to be told
 * @param options.gathered - whether owners are told later, at once
 * @param options.touched - the consumers that it touches; all of them where absent
 * @param options.hears - whether callbacks to an address are made for it
 */
export function receiversOf(options: {
  kinds: string[];
  announcement: AnnouncementKind;
  datasetRef: string;
  owner?: string;
  followed?: boolean;
  gathered?: boolean;
  consumers: Consumer[];
  touched?: ConsumerVerdict[];
  hears: (address: string) => boolean;
}): Receiver[] {
  const { kinds, announcement, datasetRef, owner, followed, gathered } =
    options;
  const { consumers, touched, hears } = options;
  const telling = kinds.filter(kind => tells(kind, announcement));
  return telling.flatMap((kind): Receiver[] => {
    switch (kind) {
      case 'webhook':
        return consumers
          .filter(({ webhook }) => webhook !== undefined && hears(webhook))
          .map(consumer => ({
            kind,
            ref: consumer.entityRef,
            target: consumer.webhook!,
            consumer,
          }));
      case 'notification':
        return gathered
          ? []
          : ownersOf(owner, consumers, touched).map(one => ({ kind, ...one }));
      case 'followers':
        return followed ? [{ kind, ref: datasetRef, target: kind }] : [];
      case 'event':
        return [{ kind, ref: datasetRef, target: EVENTS_TOPIC }];
      default:
        return [{ kind, ref: datasetRef, target: kind }];
    }
  });
}

function ownersOf(
  owner: string | undefined,
  consumers: Consumer[],
  touched: ConsumerVerdict[] | undefined,
): Array<Omit<Receiver, 'kind'>> {
  const byOwner =
    touched && groupBy(touched, ({ consumer }) => consumer.owner ?? '');
  const told = consumers
    .map(consumer => consumer.owner)
    .filter(ref => !byOwner || (ref !== undefined && byOwner.has(ref)));
  return [...new Set([owner, ...told])]
    .filter(ref => ref !== undefined)
    .map(ref => {
      const theirs = byOwner?.get(ref);
      return {
        ref,
        target: ref,
        touched: theirs && { theirs, others: touched!.length - theirs.length },
      };
    });
}
