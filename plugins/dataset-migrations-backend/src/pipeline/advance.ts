import { assertError } from '@backstage/errors';
import { FencedError } from '@skein/backstage-plugin-dataset-migrations-node';
import { MigrationRecord } from '../database/MigrationRecord';
import { appendEvent } from '../database/operations/events/appendEvent';
import { getMigration } from '../database/operations/migrations/getMigration';
import { transitionMigration } from '../database/operations/migrations/transitionMigration';
import { SupersededError } from '../database/SupersededError';
import { Lease, LeaseHeldError } from '../leases/types';
import { JobContext } from '../queue/types';
import { beginAnew } from './beginAnew';
import { CheckpointMoment } from './checkpoints';
import { engineRuns } from './engineRun';
import { isPermanent, withoutSecrets } from './failures';
import { reportTo } from './reportTo';
import { stageDefinitions, stageOf, workOf } from './stages';
import { Taken, takeJob } from './takeJob';
import {
  Carried,
  PipelineDependencies,
  StageContext,
  StageOutcome,
  Work,
} from './types';
import { reconsiderMissed } from './upkeep/reconsiderMissed';
import { writeOutcome } from './writeOutcome';

/** How long a job waits for a location that another migration holds. */
const WAIT_FOR_LEASE_SECONDS = 5;

/**
 * Runs one job of a migration: takes it, runs its stage for one slice, writes
 * how that ended together with the job that follows. While the slice lasts, that
 * is the same job, so that a small migration needs one.
 *
 * A job whose sequence is not the migration's is an old one and does nothing:
 * whatever replaced it has a job of its own.
 */
export async function advance(
  deps: PipelineDependencies,
  payload: { migrationId: string; sequence: number },
  job: JobContext,
): Promise<void> {
  const begun = performance.now();
  // A retry passes on as soon as it got anywhere: its successor has all retries.
  const mayGoOn = () =>
    job.retryCount === 0 &&
    !job.signal.aborted &&
    performance.now() - begun < deps.settings.sliceMs;

  const found = await getMigration(deps.knex, payload.migrationId);
  if (found.sequence !== payload.sequence) {
    return;
  }
  try {
    let next: Handover | undefined = { found };
    while (next) {
      next = await runStage(deps, next, job, mayGoOn);
    }
  } catch (error) {
    if (!(error instanceof SupersededError)) {
      throw error;
    }
    deps.logger.debug(error.message);
  }
}

/** What one stage leaves to the next in the same job. */
interface Handover {
  found: MigrationRecord;
  taken?: Taken;
  carried?: Carried;
}

/**
 * Runs a stage for one slice and writes how that ended.
 *
 * @returns what follows in the same job, if anything does
 */
async function runStage(
  deps: PipelineDependencies,
  from: Handover,
  job: JobContext,
  mayGoOn: () => boolean,
): Promise<Handover | undefined> {
  const work = workOf(from.found);
  if (!work) {
    return undefined;
  }
  const { record, lease, outcome } = await runWork(deps, from, work, job);
  const checkpoint = checkpointOf(deps, record, work);
  await checkpoint('ended');
  const goesOn = outcome.kind === 'next' && mayGoOn();
  const { updated, taken } = await writeOutcome(deps, {
    record,
    work,
    outcome,
    lease,
    job: goesOn ? job : { complete: job.complete },
  });
  await checkpoint('committed');
  await reconsiderMissed(deps, updated);
  return goesOn
    ? { found: updated, taken, carried: outcome.carried }
    : undefined;
}

/** Takes the job and runs its stage; errors become outcomes where they are for good. */
async function runWork(
  deps: PipelineDependencies,
  { found, carried, ...from }: Handover,
  work: Work,
  job: JobContext,
): Promise<{ record: MigrationRecord; lease?: Lease; outcome: StageOutcome }> {
  let taken: Taken;
  try {
    taken = from.taken ?? (await takeJob(deps, found, work));
  } catch (error) {
    if (!(error instanceof LeaseHeldError)) {
      throw error;
    }
    return {
      record: found,
      outcome: {
        kind: 'again',
        afterSeconds: WAIT_FOR_LEASE_SECONDS,
        message: `Waits: ${error.message}`,
      },
    };
  }

  const { record, lease, fenced } = taken;
  deps.migrationChanged({
    migrationId: record.id,
    datasetRef: record.datasetRef,
  });
  const watch = deps.watches.watch({ record, lease });
  const signal = AbortSignal.any([job.signal, watch.signal]);
  try {
    const context: StageContext = {
      ...stageContext(deps, { record, lease, work, signal, job }),
      carried,
    };
    const outcome = await deps.telemetry.stageSlice(
      {
        stage: work === 'cancel' ? record.stage! : work,
        migrationId: record.id,
        datasetRef: record.datasetRef,
      },
      async () => {
        await context.checkpoint('started');
        if (lease) {
          if (!fenced) {
            await raiseFences(context);
          }
          await context.checkpoint('fenced');
        }
        return stageDefinitions[work].run(context);
      },
    );
    return { record, lease, outcome };
  } catch (error) {
    assertError(error);
    watch.signal.throwIfAborted();
    job.signal.throwIfAborted();
    return {
      record,
      lease,
      outcome: await outcomeOfError(deps, { error, record, work, job }),
    };
  } finally {
    watch.stop();
  }
}

function stageContext(
  deps: PipelineDependencies,
  options: {
    record: MigrationRecord;
    lease?: Lease;
    work: Work;
    signal: AbortSignal;
    job: JobContext;
  },
): StageContext {
  const { record, lease, work, signal, job } = options;
  const logger = deps.logger.child({ migration: record.id, stage: work });
  return {
    deps,
    record,
    engine: deps.engines.get(record.location.engine),
    signal,
    retryCount: job.retryCount,
    logger,
    checkpoint: checkpointOf(deps, record, work),
    runs: () => {
      if (!lease) {
        throw new Error(`Stage ${work} does not hold the lease`);
      }
      const report = reportTo(deps, { record, work, logger });
      const fence = lease.token;
      return engineRuns(deps, { record, fence, signal, logger, report });
    },
  };
}

/**
 * @throws the error itself when the queue is to try again; SupersededError when
 *   another worker took over
 */
async function outcomeOfError(
  deps: PipelineDependencies,
  options: {
    error: Error;
    record: MigrationRecord;
    work: Work;
    job: JobContext;
  },
): Promise<StageOutcome> {
  const { error, record, work, job } = options;
  if (error instanceof SupersededError) {
    throw error;
  }
  // A fence of our own successor. Where there is none, somebody outside raised
  // it, or the lease lapsed and another migration has the location: the next try
  // gets a higher token, or waits for it.
  if (error.name === FencedError.name && (await isSuperseded(deps, record))) {
    throw new SupersededError(error.message);
  }
  if (isPermanent(error)) {
    return (
      (await beginAnew(deps.knex, record, work, error)) ?? {
        kind: 'failed',
        error,
      }
    );
  }
  await deps.knex.transaction(async trx => {
    await transitionMigration(trx, record, {});
    await appendEvent(trx, record.id, {
      level: 'warn',
      stage: stageOf(work),
      message: `Try ${job.retryCount + 1} did not succeed: ${withoutSecrets(
        error.message,
      )}`,
    });
  });
  throw error;
}

async function raiseFences({ engine, runs }: StageContext): Promise<void> {
  for (const { run } of runs()) {
    await engine.fence(run);
  }
}

async function isSuperseded(
  { knex }: PipelineDependencies,
  { id, sequence, fence }: MigrationRecord,
): Promise<boolean> {
  const now = await getMigration(knex, id);
  return now.sequence !== sequence || now.fence !== fence;
}

function checkpointOf(
  { checkpoint }: PipelineDependencies,
  { id }: MigrationRecord,
  work: Work,
) {
  return async (moment: CheckpointMoment) =>
    checkpoint?.({ name: `${work}:${moment}`, migrationId: id });
}
