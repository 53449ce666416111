import { MigrationRecord } from '../../database/MigrationRecord';
import { Initiator } from '../../permissions/initiators';
import { assertRetirementDue } from '../assertRetirementDue';
import { changeMigration } from './changeMigration';
import { ActionDependencies } from './dependencies';

/**
 * An override of the cut over does not cover the retirement.
 *
 * @throws ConflictError before the day until which consumers were promised the
 *   old version
 */
export function retireMigration(
  deps: ActionDependencies,
  id: string,
  by: Initiator,
): Promise<MigrationRecord> {
  return changeMigration(deps, { id, action: 'retire', by }, record => {
    assertRetirementDue(record);
    return {
      patch: { stage: 'retire', error: null, override: null },
      stages: ['retire'],
      message: 'Retirement of the old version asked for',
    };
  });
}
