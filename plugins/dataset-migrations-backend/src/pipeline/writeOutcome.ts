import { locationsOf } from '../database/locations';
import { MigrationRecord } from '../database/MigrationRecord';
import { skipStages } from '../database/operations/stages/skipStages';
import { releaseLease } from '../leases/releaseLease';
import { JobContext } from '../queue/types';
import { MigrationOutcome } from '../telemetry/types';
import { Draft, Step } from './Draft';
import { enqueueAdvance } from './enqueueAdvance';
import { settle, Settlement } from './settle';
import { stageOf } from './stages';
import { PipelineDependencies, StageOutcome, Work } from './types';

/** What a stage's slice came to. */
export interface Result {
  work: Work;
  outcome: StageOutcome;
  /** Called once it is in the database. */
  onWritten?(): Promise<void>;
}

/**
 * Keeps how a stage's slice ended for the stage that follows in the same job, and is
 * written with it.
 */
export function keepOutcome(
  deps: PipelineDependencies,
  draft: Draft,
  result: Result,
): void {
  const { work, outcome } = result;
  const settlement = settle(draft.record, work, outcome, new Date());
  draft.add(stepOf(deps, result, settlement));
}

/**
 * Writes how a stage's slice ended, the job that follows, what is to be told and
 * the end of the job itself, all in one transaction: a crash before it means that
 * the slice is done again, a crash after it costs nothing.
 *
 * @returns the migration
 * @throws SupersededError when the migration went on without this job
 */
export async function writeOutcome(
  deps: PipelineDependencies,
  draft: Draft,
  result: Result & { job: Pick<JobContext, 'complete'> },
): Promise<MigrationRecord> {
  const { work, outcome, job } = result;
  const settlement = settle(draft.record, work, outcome, new Date());
  await draft.write({
    step: stepOf(deps, result, settlement),
    isNewJob: true,
    async endJob(trx, next) {
      if (settlement.goesOn) {
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
    },
  });
  const ended = endOf(work, outcome, settlement.state);
  if (ended) {
    deps.telemetry.migrationEnded(ended);
  }
  return draft.record;
}

function stepOf(
  { outbox }: PipelineDependencies,
  { work, outcome, onWritten }: Result,
  { state, stage, patch, stageState, event }: Settlement,
): Step {
  const kind = outcome.announce ?? (state === 'failed' ? 'failed' : undefined);
  const worked = stageOf(work);
  return {
    patch: { ...patch, state, stage },
    ended: worked && stageState && { stage: worked, state: stageState },
    line: event && { ...event, stage: worked },
    onWritten,
    async inTransaction(trx, record) {
      if (!worked) {
        await skipStages(trx, record.id);
      }
      await outcome.inTransaction?.(trx);
      if (kind) {
        const consumers = (record.verdicts ?? []).map(
          ({ consumer }) => consumer,
        );
        await outbox.announce(trx, kind, record, consumers);
      }
    },
  };
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
