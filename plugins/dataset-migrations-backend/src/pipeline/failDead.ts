import { NotFoundError } from '@backstage/errors';
import { getMigration } from '../database/operations/migrations/getMigration';
import { SupersededError } from '../database/SupersededError';
import { Draft } from './Draft';
import { RETRIES_EXHAUSTED } from './failures';
import { workOf } from './stages';
import { PipelineDependencies } from './types';
import { writeOutcome } from './writeOutcome';

/**
 * A job's retries are used up: its migration fails, unless it has long gone on
 * by another job. Should the store have switched before, `finishSwitched` makes
 * up for the rest.
 */
export async function failDead(
  deps: PipelineDependencies,
  payload: { migrationId: string; sequence: number },
  message: string,
): Promise<void> {
  try {
    const record = await getMigration(deps.knex, payload.migrationId);
    const work = workOf(record);
    if (record.sequence !== payload.sequence || !work) {
      return;
    }
    // The dead letter ends when this returns; seeing it twice is harmless.
    const leaveJob = async () => {};
    await writeOutcome(deps, new Draft(deps, record, leaveJob), {
      work,
      outcome: {
        kind: 'failed',
        error: {
          name: RETRIES_EXHAUSTED,
          message: `Given up after several tries: ${message}`,
        },
      },
      job: { complete: leaveJob },
    });
  } catch (error) {
    if (error instanceof SupersededError || error instanceof NotFoundError) {
      return;
    }
    throw error;
  }
}
