import { ConsumerVerdict } from '@skein/backstage-plugin-dataset-migrations-common';
import { MigrationRecord } from '../database/MigrationRecord';
import { whoAndWhy } from '../planning/judge';
import { Touched, TouchingKind } from './touched';

/** Reasons of one consumer that a text gives, so that there is room for the others. */
const REASONS = 3;

/**
 * What the owner of consumers is told: which of theirs it touches, on which field, why,
 * and what to do.
 *
 * @param options.summary - what all are told
 */
export function ownerTextOf(options: {
  kind: TouchingKind;
  migration: MigrationRecord;
  touched: Touched;
  summary: string;
}): { title: string; summary: string } {
  const { kind, migration, touched, summary } = options;
  const { datasetRef, fromVersion, toVersion, deadline } = migration;
  const { theirs, others } = touched;
  const until = deadline ? `, until ${deadline.toISOString()}` : '';
  const toDo = `Say that they are ready, change or declare what they read, or ask for more time${until}`;
  const which = whoAndWhy(theirs.map(briefly));
  const howMany = `${theirs.length} of your consumers`;
  switch (kind) {
    case 'announced':
      return {
        title: `${datasetRef} is to be migrated to ${toVersion}, which touches ${howMany}`,
        summary: `${summary}: ${which}`,
      };
    case 'blocked':
      return {
        title: `Migration of ${datasetRef} to ${toVersion} waits for ${howMany}`,
        summary: `${which}. ${toDo}${besides(others)}`,
      };
    case 'reminder':
      return {
        title: `${datasetRef} waits for ${howMany} to be ready for ${toVersion}`,
        summary: `${which}. ${toDo}`,
      };
    case 'retiring':
      return {
        title: `${datasetRef} ${fromVersion} is to be retired, needed by ${howMany}`,
        summary: `${which}. ${toDo}${besides(others)}`,
      };
    default:
      return unknownKind(kind);
  }
}

function briefly(verdict: ConsumerVerdict): ConsumerVerdict {
  const { reasons } = verdict;
  const more = reasons.length - REASONS;
  return more > 0
    ? {
        ...verdict,
        reasons: [...reasons.slice(0, REASONS), `and ${more} more`],
      }
    : verdict;
}

function besides(others: number): string {
  switch (others) {
    case 0:
      return '';
    case 1:
      return '. A consumer of somebody else would break, too';
    default:
      return `. ${others} consumers of others would break, too`;
  }
}

function unknownKind(kind: never): never {
  throw new Error(`There is no text for owners of '${kind}'`);
}
