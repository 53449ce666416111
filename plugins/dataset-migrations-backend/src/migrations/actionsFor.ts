import { MigrationAction } from '@skein/backstage-plugin-dataset-migrations-common';
import { MigrationRecord } from '../database/MigrationRecord';
import { BREAKING_CHANGE } from '../planning/judge';
import { isRetiring } from './isRetiring';

/**
 * What the state of a migration allows; whether the caller may is another
 * question. The API refuses with this and the pages draw their buttons from it.
 */
export function actionsFor(
  record: MigrationRecord,
  now: Date = new Date(),
): MigrationAction[] {
  if (record.evidenceRemovedAt) {
    return [];
  }
  switch (record.state) {
    case 'queued':
    case 'running':
      // The notification comes after the cut over.
      return record.stage === 'notify' ? [] : ['cancel'];
    case 'blocked':
      return record.policy === 'switch'
        ? ['cancel', 'override', 'coexist']
        : ['cancel'];
    case 'failed':
      return record.stage === 'notify' ? ['retry'] : ['retry', 'cancel'];
    case 'succeeded':
      return isRetiring(record) ? [] : actionsAfterSuccess(record, now);
    default:
      return [];
  }
}

function actionsAfterSuccess(
  record: MigrationRecord,
  now: Date,
): MigrationAction[] {
  const actions: MigrationAction[] = [];
  const coexists = record.oldVersionState === 'coexisting';
  // Nothing of a coexisting version is cleaned up, however late it is, and one
  // that was written cannot retire: the way back is the only one then.
  if (coexists || (record.rollbackUntil && record.rollbackUntil > now)) {
    actions.push('rollback');
  }
  if (coexists) {
    actions.push('retire');
    if (
      record.error?.stage === 'retire' &&
      record.error.name === BREAKING_CHANGE
    ) {
      actions.push('override');
    }
  }
  return actions;
}
