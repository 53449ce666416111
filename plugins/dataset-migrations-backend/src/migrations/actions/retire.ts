import { MigrationRecord } from '../../database/MigrationRecord';
import { Initiator } from '../../permissions/initiators';
import { changeMigration } from './changeMigration';
import { ActionDependencies } from './dependencies';

/** An override of the cut over does not cover the retirement. */
export function retireMigration(
  deps: ActionDependencies,
  id: string,
  by: Initiator,
): Promise<MigrationRecord> {
  return changeMigration(deps, { id, action: 'retire', by }, () => ({
    patch: { stage: 'retire', error: null, override: null },
    stages: ['retire'],
    message: 'Retirement of the old version asked for',
  }));
}
