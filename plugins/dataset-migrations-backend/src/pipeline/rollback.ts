import { withdrawAllAccepted } from '../database/operations/acceptedChanges/withdrawAllAccepted';
import { supersedeAnswersTo } from '../database/operations/answers/supersedeAnswers';
import { StageFunction } from './types';

/**
 * Restores the old version (G8). Like the cut over, the store goes first, and is
 * asked again after a crash.
 */
export const rollback: StageFunction = async context => {
  const { deps, engine, record, checkpoint } = context;
  await engine.rollback(context.runs()[0].run);
  await checkpoint('switched');
  return {
    kind: 'finished',
    state: 'rolled-back',
    patch: { rollbackUntil: null, oldVersionState: null },
    announce: 'rolled-back',
    message: `${record.datasetRef} is back at version ${record.fromVersion}`,
    inTransaction: async trx => {
      const { datasetRef, fromVersion, toVersion } = record;
      await deps.directory.setPublishedVersion(trx, datasetRef, {
        current: fromVersion,
      });
      // Who was ready for it may be why it was rolled back.
      await supersedeAnswersTo(trx, { datasetRef, version: toVersion });
      await withdrawAllAccepted(
        trx,
        record,
        record.initiator?.subject ?? record.startedBy,
      );
    },
  };
};
