import { MigrationRecord } from '../../database/MigrationRecord';
import { Initiator } from '../../permissions/initiators';
import { changeMigration } from './changeMigration';
import { ActionDependencies } from './dependencies';

/** The running job notices within a chunk; another one then cleans up. */
export function cancelMigration(
  deps: ActionDependencies,
  id: string,
  by: Initiator,
): Promise<MigrationRecord> {
  return changeMigration(deps, { id, action: 'cancel', by }, () => ({
    patch: { state: 'cancelling' },
    message: 'Cancellation asked for',
  }));
}
