import { ConflictError } from '@backstage/errors';
import { OpenMigration } from '../database/operations/migrations/findOpenMigration';
import { isRetiring } from '../migrations/isRetiring';

/**
 * Of what would hold a migration up: whether that can still be.
 *
 * @param what - is asked for, for the message
 * @throws ConflictError while its new version is published, or its old one retired
 */
export function assertInTime(record: OpenMigration, what: string): void {
  const { state, stage, policy } = record;
  const publishes =
    policy === 'switch' &&
    (state === 'queued' || state === 'running') &&
    (stage === 'cut-over' || stage === 'notify');
  if (publishes || isRetiring(record)) {
    throw new ConflictError(
      `It is too late for '${what}': ${
        publishes
          ? `version ${record.toVersion} of ${record.datasetRef} is being published`
          : `version ${record.fromVersion} of ${record.datasetRef} is being retired`
      } at this moment`,
    );
  }
}
