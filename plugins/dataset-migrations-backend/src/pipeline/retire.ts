import { transitionMigration } from '../database/operations/migrations/transitionMigration';
import { assertRetirementDue } from '../migrations/assertRetirementDue';
import { blockers, breakingChangeError, judgedPlanOf } from '../planning/judge';
import { judgeAnswered } from '../planning/judgeAnswered';
import { phaseOf } from './engineRun';
import { StageFunction } from './types';

/**
 * Takes a coexisting old version away, unless somebody still needs it (G6), or was
 * promised it for longer. The engine is asked again after a switch, as by the cut
 * over.
 */
export const retire: StageFunction = async context => {
  const { deps, engine, record, checkpoint } = context;
  const { datasetRef, fromVersion, toVersion } = record;
  const runs = context.runs();
  if ((await phaseOf(engine, runs)) !== 'retired') {
    assertRetirementDue(record);
    const consumers = await deps.directory.refreshConsumers(datasetRef, {
      sources: true,
    });
    const { plan, verdicts } = await judgeAnswered(deps.knex, {
      ...judgedPlanOf(record),
      datasetRef,
      consumers,
      strict: deps.settings.strictConstraints,
    });
    // Also of a retirement that is refused: those who keep it from going on learn
    // that it was asked for, and why they do.
    await deps.knex.transaction(async trx => {
      const judged = await transitionMigration(trx, record, {
        plan,
        verdicts,
      });
      await deps.outbox.announce(trx, 'retiring', judged, consumers);
    });
    const blocking = blockers(verdicts, record.override);
    if (blocking.length) {
      return { kind: 'failed', error: breakingChangeError(blocking) };
    }
  }
  await engine.retire(runs[0].run);
  await checkpoint('switched');
  return {
    kind: 'finished',
    state: 'succeeded',
    patch: { oldVersionState: 'retired', rollbackUntil: new Date() },
    announce: 'retired',
    message: `Version ${fromVersion} is retired`,
    inTransaction: trx =>
      deps.directory.setPublishedVersion(trx, datasetRef, {
        current: toVersion,
        retired: [fromVersion],
      }),
  };
};
