import { Consumer } from '@skein/backstage-plugin-dataset-migrations-common';
import { endRollbackWindows } from '../database/operations/migrations/endRollbackWindows';
import { blockers, breakingChangeError, judgedPlanOf } from '../planning/judge';
import { judgeAnswered } from '../planning/judgeAnswered';
import { assertNoDrift } from './assertNoDrift';
import { phaseOf } from './engineRun';
import { shadowIsGone } from './shadowIsGone';
import { StageContext, StageFunction, StageOutcome } from './types';

/**
 * Judges the consumers once more, then switches. The store switches first and
 * atomically; should the worker die before the plugin has written so, the next
 * one sees it in the store's phase, judges nobody, and asks the engine again all
 * the same: some of what follows a switch may be missing.
 */
export const cutOver: StageFunction = async context => {
  const { engine, checkpoint, deps } = context;
  const runs = context.runs();
  const [{ run }] = runs;
  const phase = await phaseOf(engine, runs);
  if (phase !== 'cut-over') {
    const obstacle = shadowIsGone(phase) ?? (await judgeOnceMore(context));
    if (obstacle) {
      return obstacle;
    }
    await assertNoDrift(context);
  }
  await engine.cutOver(run);
  await checkpoint('switched');
  return {
    kind: 'next',
    stage: 'notify',
    message:
      run.policy === 'coexist'
        ? `Version ${run.toVersion} is published beside ${run.fromVersion}`
        : `Version ${run.toVersion} took the place of ${run.fromVersion}`,
    ...published(context, deps.settings.rollbackWindowMs),
  };
};

/** What is written once the store has switched. */
export function published(
  { deps, record }: StageContext,
  rollbackWindowMs: number,
): Required<Pick<StageOutcome, 'patch' | 'inTransaction'>> {
  const { datasetRef, fromVersion, toVersion, policy } = record;
  const coexist = policy === 'coexist';
  return {
    patch: {
      rollbackUntil: new Date(Date.now() + rollbackWindowMs),
      oldVersionState: coexist ? 'coexisting' : null,
    },
    inTransaction: async trx => {
      await deps.directory.setPublishedVersion(
        trx,
        datasetRef,
        coexist
          ? { current: toVersion, coexisting: fromVersion }
          : { current: toVersion, retired: [fromVersion] },
      );
      await endRollbackWindows(trx, record);
    },
  };
}

/** A consumer may have come since the validation; it counts like the others (G6). */
async function judgeOnceMore(
  context: StageContext,
): Promise<StageOutcome | undefined> {
  const { deps, record } = context;
  if (record.policy === 'coexist') {
    return undefined;
  }
  const consumers = await consumersNow(context);
  if (consumers.length === 0) {
    return undefined;
  }
  const { plan, verdicts } = await judgeAnswered(deps.knex, {
    ...judgedPlanOf(record),
    datasetRef: record.datasetRef,
    consumers,
    strict: deps.settings.strictConstraints,
  });
  const blocking = blockers(verdicts, record.override);
  return blocking.length
    ? {
        kind: 'blocked',
        patch: { plan, verdicts },
        error: breakingChangeError(blocking),
        announce: 'blocked',
      }
    : undefined;
}

/**
 * Those that the plugin knows of by now, and that the catalog does, unless this job asked
 * it just now: a small migration as a whole takes less time than an answer counts.
 */
async function consumersNow({
  deps,
  record,
  askedCatalogAt = -Infinity,
}: StageContext): Promise<Consumer[]> {
  const { directory, settings } = deps;
  return performance.now() - askedCatalogAt < settings.catalogAnswerMs
    ? directory.getConsumers(record.datasetRef)
    : directory.refreshConsumers(record.datasetRef, { sources: true });
}
