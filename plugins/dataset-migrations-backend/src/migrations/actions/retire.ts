import { ConflictError } from '@backstage/errors';
import { MigrationRecord } from '../../database/MigrationRecord';
import { Initiator } from '../../permissions/initiators';
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
    const { retirement, fromVersion } = record;
    if (retirement && retirement > new Date()) {
      throw new ConflictError(
        `Consumers were told that ${fromVersion} stays until ${retirement.toISOString()}: set another retirement date first`,
      );
    }
    return {
      patch: { stage: 'retire', error: null, override: null },
      stages: ['retire'],
      message: 'Retirement of the old version asked for',
    };
  });
}
