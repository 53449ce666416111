import { ConflictError, NotFoundError } from '@backstage/errors';
import { locationsOf } from '../database/locations';
import { StageContext } from './types';

/**
 * The version recorded beside the data must be the one that the migration
 * starts from: somebody may have restored a backup, or migrated by hand.
 *
 * @throws ConflictError, or NotFoundError when there are no data at all
 */
export async function assertNoDrift({
  engine,
  record,
}: StageContext): Promise<void> {
  for (const location of locationsOf(record)) {
    const { exists, recordedVersion } = await engine.inspect(location);
    if (!exists) {
      throw new NotFoundError(`There are no data at ${location.display}`);
    }
    if (
      recordedVersion !== undefined &&
      recordedVersion !== record.fromVersion
    ) {
      throw new ConflictError(
        `The store holds version ${recordedVersion} at ${location.display}, not ${record.fromVersion}`,
      );
    }
  }
}
