import { assertError } from '@backstage/errors';
import { FencedError } from '@skein/backstage-plugin-dataset-migrations-node';
import { MigrationRecord } from '../database/MigrationRecord';
import { appendEvent } from '../database/operations/events/appendEvent';
import { getMigration } from '../database/operations/migrations/getMigration';
import { transitionMigration } from '../database/operations/migrations/transitionMigration';
import { SupersededError } from '../database/SupersededError';
import { Lease, LeaseHeldError } from '../leases/types';
import { JobContext } from '../queue/types';
import { withoutSecrets } from '../secrets/withoutSecrets';
import { beginAnew } from './beginAnew';
import { CheckpointMoment } from './checkpoints';
import { Draft } from './Draft';
import { engineRuns } from './engineRun';
import { advancePayload } from './enqueueAdvance';
import { isPermanent } from './failures';
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
import { keepOutcome, writeOutcome } from './writeOutcome';

/** How long a job waits for a location that another migration holds. */
const WAIT_FOR_LEASE_SECONDS = 5;

/**
 * Runs one job of a migration: takes it, runs its stage for one slice, writes
 * how that ended together with the job that follows. While the slice lasts, the
 * same job goes on with the stages that follow and writes of them what may not be
 * done again, see {@link Draft}: a small migration needs one job.
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
  const draft = new Draft(deps, found, (trx, record) =>
    job.continueAs(trx, advancePayload(record)),
  );
  try {
    let next: Handover | undefined = {};
    while (next) {
      next = await runStage(deps, draft, next, job, mayGoOn);
    }
  } catch (error) {
    if (!(error instanceof SupersededError)) {
      throw error;
    }
    deps.logger.debug(error.message);
  } finally {
    await draft.close();
  }
}

/** What one stage leaves to those that follow in the same job. */
interface Handover {
  lease?: Lease;
  carried?: Carried;
  askedCatalogAt?: number;
}

/**
 * Runs a stage for one slice, and keeps or writes how that ended.
 *
 * @returns what follows in the same job, if anything does
 */
async function runStage(
  deps: PipelineDependencies,
  draft: Draft,
  from: Handover,
  job: JobContext,
  mayGoOn: () => boolean,
): Promise<Handover | undefined> {
  const work = workOf(draft.record);
  if (!work) {
    return undefined;
  }
  const { lease, outcome } = await runWork(deps, draft, from, work, job);
  const checkpoint = checkpointOf(deps, draft.record, work);
  await checkpoint('ended');
  const onWritten = () => checkpoint('committed');
  const result = { work, outcome, onWritten };
  if (outcome.kind === 'next' && mayGoOn() && !draft.knows(outcome.stage)) {
    keepOutcome(deps, draft, result);
    const { carried, askedCatalogAt = from.askedCatalogAt } = outcome;
    return { lease, carried, askedCatalogAt };
  }
  const record = await writeOutcome(deps, draft, { ...result, job });
  await reconsiderMissed(deps, record);
  return undefined;
}

/** Takes the job and runs its stage; errors become outcomes where they are for good. */
async function runWork(
  deps: PipelineDependencies,
  draft: Draft,
  { lease: held, carried, askedCatalogAt }: Handover,
  work: Work,
  job: JobContext,
): Promise<{ lease?: Lease; outcome: StageOutcome }> {
  let taken: Taken;
  try {
    taken = await takeJob(deps, { draft, work, held });
  } catch (error) {
    if (!(error instanceof LeaseHeldError)) {
      throw error;
    }
    return {
      outcome: {
        kind: 'again',
        afterSeconds: WAIT_FOR_LEASE_SECONDS,
        message: `Waits: ${error.message}`,
      },
    };
  }

  const { lease, fenced } = taken;
  const { record } = draft;
  const watch = deps.watches.watch({ record, lease });
  const signal = AbortSignal.any([job.signal, watch.signal]);
  try {
    const context: StageContext = {
      ...stageContext(deps, draft, { lease, work, signal, job }),
      carried,
      askedCatalogAt,
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
    return { lease, outcome };
  } catch (error) {
    assertError(error);
    watch.signal.throwIfAborted();
    job.signal.throwIfAborted();
    await draft.write();
    return {
      lease,
      outcome: await outcomeOfError(deps, { error, record, work, job }),
    };
  } finally {
    watch.stop();
  }
}

function stageContext(
  deps: PipelineDependencies,
  draft: Draft,
  options: {
    lease?: Lease;
    work: Work;
    signal: AbortSignal;
    job: JobContext;
  },
): StageContext {
  const { lease, work, signal, job } = options;
  const { record } = draft;
  const writeEarlier = () => draft.write();
  const logger = deps.logger.child({ migration: record.id, stage: work });
  return {
    deps,
    record,
    engine: deps.engines.get(record.location.engine),
    signal,
    retryCount: job.retryCount,
    logger,
    writeEarlier,
    checkpoint: checkpointOf(deps, record, work),
    runs: () => {
      if (!lease) {
        throw new Error(`Stage ${work} does not hold the lease`);
      }
      const report = reportTo(deps, { record, work, logger, writeEarlier });
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
