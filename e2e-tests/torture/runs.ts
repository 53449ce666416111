import { randomUUID } from 'node:crypto';
import {
  isActive,
  Migration,
  MigrationState,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { eventually } from '../../scripts/lib/eventually';
import { datasetRef, Subject } from './catalog';
import { TortureWorld } from './tortureWorld';

/** Starts a migration forward; the same one, however often it has to ask. */
export function start(
  world: TortureWorld,
  subject: Subject,
  policy?: Policy,
): Promise<Migration> {
  const idempotencyKey = randomUUID();
  return eventually('the migration is taken', () =>
    world.client.startMigration(
      { datasetRef: datasetRef(subject), targetVersion: '2.0.0', policy },
      { idempotencyKey },
    ),
  );
}

export async function rollBack(world: TortureWorld, id: string): Promise<void> {
  await eventually('the roll back is taken', async () => {
    const { state } = await world.client.getMigration(id);
    // The answer to an earlier try may have been lost with the server.
    return state !== 'succeeded' || world.client.rollbackMigration(id);
  });
}

export async function retire(world: TortureWorld, id: string): Promise<void> {
  await eventually('the retirement is taken', async () => {
    const { actions } = await world.client.getMigration(id);
    return !actions.includes('retire') || world.client.retireMigration(id);
  });
}

/** Waits until the old version is retired, or cannot be. */
export function retired(world: TortureWorld, id: string): Promise<Migration> {
  return eventually('the old version retires without help', async () => {
    const migration = await world.client.getMigration(id);
    const { oldVersionState, error } = migration;
    return (oldVersionState === 'retired' || error) && migration;
  });
}

/** Waits for the end; `notYet` are final states that it is still to leave. */
export function end(
  world: TortureWorld,
  id: string,
  notYet: MigrationState[] = [],
): Promise<Migration> {
  return eventually('the migration ends without help', async () => {
    const migration = await world.client.getMigration(id);
    return (
      !isActive(migration.state) &&
      !notYet.includes(migration.state) &&
      migration
    );
  });
}
