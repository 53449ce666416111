import { assertError, ConflictError } from '@backstage/errors';
import { Engine } from '@skein/backstage-plugin-dataset-migrations-node';
import { MigrationRecord } from '../../database/MigrationRecord';
import { appendEvent } from '../../database/operations/events/appendEvent';
import { getMigration } from '../../database/operations/migrations/getMigration';
import { listToCleanUp } from '../../database/operations/migrations/listForUpkeep';
import { transitionMigration } from '../../database/operations/migrations/transitionMigration';
import { LeaseHeldError } from '../../leases/types';
import { PartRun, phaseOf } from '../engineRun';
import { PipelineDependencies } from '../types';
import { withLease } from './withLease';

/**
 * How long a failed migration keeps its shadow for a retry that resumes: as long
 * as that stands, every write to the source is noted.
 */
const FAILED_MS = 60 * 60 * 1_000;

/**
 * Frees what ended migrations still keep beside the data. It raises the fence
 * like every writer, so it waits for a lease that nobody holds; the next round
 * takes what this one had to leave.
 */
export async function cleanUpLeftovers(
  deps: PipelineDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { rollbackWindowMs } = deps.settings;
  const due = {
    endedBefore: new Date(Date.now() - rollbackWindowMs),
    failedBefore: new Date(Date.now() - Math.min(FAILED_MS, rollbackWindowMs)),
  };
  for (const { id } of await listToCleanUp(deps.knex, due)) {
    signal.throwIfAborted();
    try {
      await cleanUp(deps, await getMigration(deps.knex, id), signal);
    } catch (error) {
      assertError(error);
      // One of them must not keep the others.
      if (!(error instanceof LeaseHeldError)) {
        deps.logger.warn(
          `Could not clean up after migration ${id}: ${error.message}`,
        );
      }
    }
  }
}

async function cleanUp(
  deps: PipelineDependencies,
  record: MigrationRecord,
  signal: AbortSignal,
): Promise<void> {
  await withLease(deps, record, signal, async held => {
    const message = await removeLeftovers(held.engine, held.runs, record);
    await deps.knex.transaction(async trx => {
      await transitionMigration(trx, held.record, { cleanedUpAt: new Date() });
      await appendEvent(trx, record.id, { message });
    });
  });
}

/** @returns what was done, for the log */
async function removeLeftovers(
  engine: Engine,
  runs: PartRun[],
  { state }: MigrationRecord,
): Promise<string> {
  const phase = await phaseOf(engine, runs);
  if (state === 'succeeded' && phase === 'rolled-back') {
    // The phase is all that tells it, until `finishSwitched` has written it.
    throw new ConflictError('It was rolled back, which is not written yet');
  }
  if (state !== 'failed') {
    for (const { run } of runs) {
      await engine.cleanUp(run);
    }
    return 'What was kept beside the data was removed';
  }
  // It may have failed after the switch: then the shadow is what people read.
  if (phase === 'cut-over') {
    return 'It had cut over before it failed; both versions are kept';
  }
  for (const { run } of runs) {
    await engine.abandon(run);
  }
  return 'The unfinished shadow was removed';
}
