import { ConflictError } from '@backstage/errors';
import { MigrationRecord } from '../database/MigrationRecord';

/** Whether consumers were promised the old version for longer. */
export function isPromised(
  { retirement }: Pick<MigrationRecord, 'retirement'>,
  now: Date = new Date(),
): boolean {
  return retirement !== undefined && retirement > now;
}

/**
 * Nobody takes an old version away before the day until which consumers were promised
 * it: no person, no override, and no job that was enqueued before the day was set.
 *
 * @throws ConflictError
 */
export function assertRetirementDue(
  record: Pick<MigrationRecord, 'retirement' | 'fromVersion'>,
): void {
  if (isPromised(record)) {
    throw new ConflictError(
      `Consumers were told that ${
        record.fromVersion
      } stays until ${record.retirement!.toISOString()}: set another retirement date first`,
    );
  }
}
