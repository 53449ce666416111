import { isDatabaseConflictError } from '@backstage/backend-plugin-api';
import { assertError } from '@backstage/errors';
import {
  MigrationState,
  Stage,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { RunPhase } from '@skein/backstage-plugin-dataset-migrations-node';
import { MigrationRecord } from '../../database/MigrationRecord';
import { appendEvent } from '../../database/operations/events/appendEvent';
import { getMigration } from '../../database/operations/migrations/getMigration';
import { listGivenUp } from '../../database/operations/migrations/listForUpkeep';
import { transitionMigration } from '../../database/operations/migrations/transitionMigration';
import { createStages } from '../../database/operations/stages/createStages';
import { SupersededError } from '../../database/SupersededError';
import { engineRuns, phaseOf } from '../engineRun';
import { enqueueAdvance } from '../enqueueAdvance';
import { RETRIES_EXHAUSTED } from '../failures';
import { PipelineDependencies } from '../types';

/** The stages that switch, what the store then says, and the state they run in. */
const switches: Partial<
  Record<Stage, { phase: RunPhase; state: MigrationState }>
> = {
  'cut-over': { phase: 'cut-over', state: 'queued' },
  rollback: { phase: 'rolled-back', state: 'rolling-back' },
  retire: { phase: 'retired', state: 'succeeded' },
};

/**
 * A switch is two commits, the store's and the plugin's. Where the plugin's
 * never came about, and the job was given up over it, the two disagree about the
 * version and nobody may migrate the dataset. What the store has done is what
 * readers see, so the stage runs again, and only writes it.
 */
export async function finishSwitched(
  deps: PipelineDependencies,
  signal: AbortSignal,
): Promise<void> {
  const stages = Object.keys(switches) as Stage[];
  const givenUp = await listGivenUp(deps.knex, {
    error: RETRIES_EXHAUSTED,
    stages,
  });
  for (const { id } of givenUp) {
    signal.throwIfAborted();
    try {
      const record = await getMigration(deps.knex, id);
      if (await hasSwitched(deps, record, signal)) {
        await finish(deps, record);
      }
    } catch (error) {
      assertError(error);
      // One of them must not keep the others. While another migration of the
      // place is active, it has to wait for its turn.
      if (
        !(error instanceof SupersededError) &&
        !isDatabaseConflictError(error)
      ) {
        deps.logger.warn(
          `Could not ask how far migration ${id} got: ${error.message}`,
        );
      }
    }
  }
}

async function hasSwitched(
  deps: PipelineDependencies,
  record: MigrationRecord,
  signal: AbortSignal,
): Promise<boolean> {
  const { error, fence } = record;
  const expected = error?.stage && switches[error.stage]?.phase;
  if (expected === undefined || fence === undefined) {
    return false;
  }
  const logger = deps.logger.child({ migration: record.id });
  const engine = deps.engines.get(record.location.engine);
  const phase = await phaseOf(
    engine,
    engineRuns(deps, { record, fence, signal, logger }),
  );
  return phase === expected;
}

async function finish(
  { knex, queue, migrationChanged }: PipelineDependencies,
  record: MigrationRecord,
): Promise<void> {
  const { id, datasetRef } = record;
  const stage = record.error!.stage!;
  await knex.transaction(async trx => {
    const next = await transitionMigration(trx, record, {
      state: switches[stage]!.state,
      stage,
      error: null,
      finishedAt: stage === 'cut-over' ? null : record.finishedAt,
      sequence: record.sequence + 1,
    });
    await createStages(
      trx,
      [id],
      stage === 'cut-over' ? ['cut-over', 'notify'] : [stage],
    );
    await appendEvent(trx, id, {
      level: 'warn',
      stage,
      message:
        'The store had switched before the job was given up; what is missing of it is written now',
    });
    await enqueueAdvance(queue, trx, next);
  });
  migrationChanged({ migrationId: id, datasetRef });
}
