import {
  MigrationError,
  MigrationState,
  Stage,
  StageRecord,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { MigrationRecord } from '../database/MigrationRecord';
import { toMigrationError } from './failures';
import { StageOutcome, StagePatch, Work } from './types';

/** What an outcome means for the migration's row and for its stage's. */
export interface Settlement {
  state: MigrationState;
  stage?: Stage;
  patch: StagePatch & { error?: MigrationError | null };
  stageState?: Exclude<StageRecord['state'], 'running'>;
  /** Whether another job follows. */
  goesOn: boolean;
  /** A line for the log. */
  event?: { level: 'info' | 'warn' | 'error'; message: string };
}

/** The state machine: from what a job did to what the migration is. Pure. */
export function settle(
  record: MigrationRecord,
  work: Work,
  outcome: StageOutcome,
  now: Date,
): Settlement {
  const patch = outcome.patch ?? {};
  const event = outcome.message
    ? ({ level: 'info', message: outcome.message } as const)
    : undefined;
  const stage = work === 'cancel' ? record.stage : work;
  switch (outcome.kind) {
    case 'next':
      return {
        state: record.state,
        stage: outcome.stage,
        patch: { ...patch, error: null },
        stageState: 'succeeded',
        goesOn: true,
        event,
      };
    case 'again':
      return { state: record.state, stage, patch, goesOn: true, event };
    case 'blocked':
      return {
        state: 'blocked',
        stage,
        patch: { ...patch, error: { ...outcome.error, stage } },
        stageState: 'pending',
        goesOn: false,
        event: { level: 'warn', message: outcome.error.message },
      };
    case 'failed': {
      const state = stateAfterFailure(work);
      const error = toMigrationError(outcome.error, stage);
      return {
        state,
        stage,
        patch: {
          ...patch,
          error,
          finishedAt: state === 'failed' ? now : patch.finishedAt,
        },
        stageState: 'failed',
        goesOn: false,
        event: { level: 'error', message: error.message },
      };
    }
    case 'finished':
      return {
        state: outcome.state,
        stage,
        patch: {
          finishedAt: work === 'retire' ? undefined : now,
          ...patch,
          error: null,
        },
        stageState: 'succeeded',
        goesOn: false,
        event,
      };
    default:
      throw new Error(`Unknown outcome ${JSON.stringify(outcome)}`);
  }
}

/** What failed to be undone, or retired, is still published. */
function stateAfterFailure(work: Work): MigrationState {
  return work === 'rollback' || work === 'retire' ? 'succeeded' : 'failed';
}
