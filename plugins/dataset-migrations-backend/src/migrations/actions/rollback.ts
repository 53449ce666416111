import { MigrationRecord } from '../../database/MigrationRecord';
import { Initiator } from '../../permissions/initiators';
import { changeMigration } from './changeMigration';
import { ActionDependencies } from './dependencies';

export function rollbackMigration(
  deps: ActionDependencies,
  id: string,
  by: Initiator,
): Promise<MigrationRecord> {
  return changeMigration(deps, { id, action: 'rollback', by }, () => ({
    patch: { state: 'rolling-back', stage: 'rollback', error: null },
    stages: ['rollback'],
    message: 'Roll back asked for',
  }));
}
