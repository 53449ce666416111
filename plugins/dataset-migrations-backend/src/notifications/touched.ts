import {
  Consumer,
  ConsumerVerdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { MigrationRecord } from '../database/MigrationRecord';
import { blockers, concernedBy, judgedPlanOf } from '../planning/judge';
import { AnnouncementKind } from './types';

/**
 * What people are told as owners of consumers that it touches, and not of others: which
 * of theirs, and why.
 */
const touchingKinds = ['announced', 'blocked', 'reminder', 'retiring'] as const;

export type TouchingKind = (typeof touchingKinds)[number];

/** What it touches of an owner's consumers. */
export interface Touched {
  /** Verdicts of consumers of the owner, one at least. */
  theirs: ConsumerVerdict[];
  /** How many consumers of others it touches. */
  others: number;
}

/** Whether it is told to those people alone whose consumers it touches. */
export function touchesSome(kind: AnnouncementKind): kind is TouchingKind {
  return touchingKinds.some(one => one === kind);
}

/**
 * The consumers that an announcement touches: of `announced` those that would break, or
 * are at risk; of `blocked` and `retiring` those that stand in the way; of `reminder`
 * those that are reminded.
 *
 * @param consumers - whom it is announced to
 * @returns undefined where it is news for all of them alike
 */
export function touchedOf(
  kind: AnnouncementKind,
  migration: MigrationRecord,
  consumers: Consumer[],
): ConsumerVerdict[] | undefined {
  if (!touchesSome(kind)) {
    return undefined;
  }
  const { verdicts = [], override } = migration;
  switch (kind) {
    case 'announced': {
      const isAtRisk = atRisk(migration);
      return verdicts.filter(
        ({ blocking, consumer }) => blocking || isAtRisk(consumer),
      );
    }
    case 'reminder': {
      const reminded = new Set(consumers.map(({ entityRef }) => entityRef));
      return verdicts.filter(({ consumer }) =>
        reminded.has(consumer.entityRef),
      );
    }
    case 'retiring':
      // That the new version came does not say that the old one may go.
      return blockers(verdicts);
    default:
      return blockers(verdicts, override);
  }
}

/** Also those of whom it is not known whether they read what changes. */
function atRisk(migration: MigrationRecord): (consumer: Consumer) => boolean {
  return migration.plan.changes.some(({ effect }) => effect === 'risky')
    ? concernedBy(judgedPlanOf(migration), ({ effect }) => effect === 'risky')
    : () => false;
}
