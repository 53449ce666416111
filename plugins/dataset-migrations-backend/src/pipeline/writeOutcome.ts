import { Knex } from 'knex';
import { locationsOf } from '../database/locations';
import { MigrationRecord } from '../database/MigrationRecord';
import { transitionMigration } from '../database/operations/migrations/transitionMigration';
import { skipStages } from '../database/operations/stages/skipStages';
import { turnStages } from '../database/operations/stages/turnStages';
import { releaseLease } from '../leases/releaseLease';
import { Lease } from '../leases/types';
import { MigrationOutcome, WorkOutcome } from '../telemetry/types';
import { JobContext } from '../queue/types';
import { advancePayload, enqueueAdvance } from './enqueueAdvance';
import { settle, Settlement } from './settle';
import { stageOf, workOf } from './stages';
import { Taken, takeNext } from './takeJob';
import { PipelineDependencies, StageOutcome, Work } from './types';

const stageOutcomes: Record<
  NonNullable<Settlement['stageState']>,
  WorkOutcome
> = {
  succeeded: 'ok',
  failed: 'error',
  pending: 'aborted',
  skipped: 'aborted',
};

/**
 * Writes how a stage's slice ended, the job that follows, what is to be told and
 * the end of the job itself, all in one transaction: a crash before it means that
 * the slice is done again, a crash after it costs nothing.
 *
 * @param options.lease - which the job holds
 * @param options.job - `complete` ends the job in the transaction; `continueAs`,
 *   if there is one, makes it the job that follows
 * @returns the migration, taken for the stage that follows in the same job
 * @throws SupersededError when the migration went on without this job
 */
export async function writeOutcome(
  deps: PipelineDependencies,
  options: {
    record: MigrationRecord;
    work: Work;
    outcome: StageOutcome;
    lease?: Lease;
    job: Pick<JobContext, 'complete'> & Partial<Pick<JobContext, 'continueAs'>>;
  },
): Promise<{ updated: MigrationRecord; taken?: Taken }> {
  const { record, work, outcome, lease, job } = options;
  const settlement = settle(record, work, outcome, new Date());
  const { state, stage, patch, goesOn } = settlement;

  async function handOver(
    trx: Knex.Transaction,
    next: MigrationRecord,
  ): Promise<void> {
    if (goesOn && job.continueAs) {
      await job.continueAs(trx, advancePayload(next));
      return;
    }
    if (goesOn) {
      await enqueueAdvance(deps.queue, trx, next, {
        afterSeconds:
          outcome.kind === 'again' ? outcome.afterSeconds : undefined,
      });
    } else if (next.fence !== undefined) {
      await releaseLease(trx, {
        locationKeys: locationsOf(next).map(({ key }) => key),
        token: next.fence,
      });
    }
    await job.complete(trx);
  }

  const { updated, seconds, taken } = await deps.knex.transaction(async trx => {
    const next = await transitionMigration(trx, record, {
      ...patch,
      state,
      stage,
      sequence: record.sequence + 1,
    });
    const follows =
      goesOn && job.continueAs ? takeNext(next, lease) : undefined;
    const stageSeconds = await writeStages(
      trx,
      next,
      work,
      settlement,
      follows,
    );
    await outcome.inTransaction?.(trx);
    await announce(deps, trx, next, outcome, state);
    await handOver(trx, next);
    return { updated: next, seconds: stageSeconds, taken: follows };
  });

  const { telemetry } = deps;
  if (work !== 'cancel' && settlement.stageState && seconds !== undefined) {
    telemetry.stageEnded(work, stageOutcomes[settlement.stageState], seconds);
  }
  const migrationOutcome = endOf(work, outcome, state);
  if (migrationOutcome) {
    telemetry.migrationEnded(migrationOutcome);
  }
  deps.migrationChanged({
    migrationId: updated.id,
    datasetRef: updated.datasetRef,
  });
  return { updated, taken };
}

/** What is counted; a retirement is of a migration that was counted before. */
function endOf(
  work: Work,
  outcome: StageOutcome,
  state: Settlement['state'],
): MigrationOutcome | undefined {
  if (state === 'failed' || state === 'blocked') {
    return state;
  }
  return outcome.kind === 'finished' && work !== 'retire'
    ? outcome.state
    : undefined;
}

/** @returns seconds that the stage took, if it is over */
async function writeStages(
  trx: Knex.Transaction,
  { id }: MigrationRecord,
  work: Work,
  { stageState, event }: Settlement,
  follows: Taken | undefined,
): Promise<number | undefined> {
  const stage = stageOf(work);
  if (!stage) {
    await skipStages(trx, id);
  }
  const next = follows && workOf(follows.record);
  return turnStages(trx, id, {
    ended: stage && stageState && { stage, state: stageState },
    event: event && { ...event, stage },
    begun: next && stageOf(next),
  });
}

async function announce(
  { outbox }: PipelineDependencies,
  trx: Knex.Transaction,
  record: MigrationRecord,
  outcome: StageOutcome,
  state: Settlement['state'],
): Promise<void> {
  const kind = outcome.announce ?? (state === 'failed' ? 'failed' : undefined);
  if (kind) {
    const consumers = (record.verdicts ?? []).map(({ consumer }) => consumer);
    await outbox.announce(trx, kind, record, consumers);
  }
}
