import { Stage } from '@skein/backstage-plugin-dataset-migrations-common';
import { MigrationRecord } from '../database/MigrationRecord';
import { isRetiring } from '../migrations/isRetiring';
import { cancel } from './cancel';
import { cutOver } from './cutOver';
import { discover } from './discover';
import { lock } from './lock';
import { notify } from './notify';
import { retire } from './retire';
import { rollback } from './rollback';
import { transform } from './transform';
import { StageFunction, Work } from './types';
import { validate } from './validate';
import { verify } from './verify';

interface StageDefinition {
  run: StageFunction;
  /** Whether it may touch what is beside the data, which takes the lease. */
  needsLease(record: MigrationRecord): boolean;
  /** Whether all that led to it is written before it begins, as it cannot be undone. */
  onRecord?: true;
}

const always = () => true;
const never = () => false;

export const stageDefinitions: Record<Work, StageDefinition> = {
  discover: { run: discover, needsLease: never },
  validate: { run: validate, needsLease: never },
  lock: { run: lock, needsLease: always },
  transform: { run: transform, needsLease: always },
  verify: { run: verify, needsLease: always },
  'cut-over': { run: cutOver, needsLease: always, onRecord: true },
  notify: { run: notify, needsLease: never },
  retire: { run: retire, needsLease: always },
  rollback: { run: rollback, needsLease: always },
  // Before the lock there is nothing beside the data to remove.
  cancel: {
    run: cancel,
    needsLease: record => record.fence !== undefined,
  },
};

/** What a job of this migration has to do now; nothing once it has ended. */
export function workOf(record: MigrationRecord): Work | undefined {
  switch (record.state) {
    case 'queued':
    case 'running':
    case 'rolling-back':
      return record.stage;
    case 'cancelling':
      return 'cancel';
    case 'succeeded':
      return isRetiring(record) ? 'retire' : undefined;
    default:
      return undefined;
  }
}

/** The stage that some work is; undefined for the undoing of one. */
export function stageOf(work: Work): Stage | undefined {
  return work === 'cancel' ? undefined : work;
}
