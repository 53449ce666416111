import { MigrationRecord } from '../../database/MigrationRecord';
import { forwardStages } from '../../database/operations/stages/createStages';
import { Initiator } from '../../permissions/initiators';
import { changeMigration } from './changeMigration';
import { ActionDependencies } from './dependencies';

/**
 * The way out of `blocked` that hurts nobody: the new version beside the old
 * one. The engine may carry that out otherwise, so it starts over.
 */
export function coexistMigration(
  deps: ActionDependencies,
  id: string,
  by: Initiator,
): Promise<MigrationRecord> {
  return changeMigration(deps, { id, action: 'coexist', by }, () => ({
    patch: {
      state: 'queued',
      policy: 'coexist',
      stage: 'validate',
      error: null,
    },
    stages: forwardStages.slice(forwardStages.indexOf('validate')),
    message: 'Goes on beside the old version',
  }));
}
