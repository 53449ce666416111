import {
  DatasetMigrationsClient,
  isActive,
  Migration,
  MigrationState,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { eventually } from '../../scripts/lib/eventually';

/**
 * Waits until a migration is in a state.
 *
 * @throws Error that says why, when it ended in another one
 */
export async function inState(
  client: DatasetMigrationsClient,
  id: string,
  state: MigrationState,
): Promise<Migration> {
  const migration = await eventually(`the migration is ${state}`, async () => {
    const found = await client.getMigration(id);
    return (found.state === state || !isActive(found.state)) && found;
  });
  if (migration.state !== state) {
    throw new Error(
      `the migration ended as ${migration.state}, not as ${state}: ${migration.error?.message}`,
    );
  }
  return migration;
}
