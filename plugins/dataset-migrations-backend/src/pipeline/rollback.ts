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
    inTransaction: trx =>
      deps.directory.setPublishedVersion(trx, record.datasetRef, {
        current: record.fromVersion,
      }),
  };
};
