import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { flights, World } from '../__testUtils__/controlPlane';
import { useTestDatabase } from '../__testUtils__/testDatabase';

jest.setTimeout(120_000);

const directory = resolvePackagePath(
  '@skein/backstage-plugin-dataset-migrations-backend',
  'migrations',
);

describe('schema versions', () => {
  const database = useTestDatabase();

  it('G1: let migrations of an earlier release hold their places, and go on', async () => {
    const knex = database();
    const world = new World(knex);
    const worker = await world.worker({ slots: 0 });
    const { id } = await worker.start();

    await knex.migrate.down({
      directory,
      name: '20261129000000_several_objects.js',
    });
    await knex('migrations').update({ dataset_ref: 'resource:default/twin' });
    await knex.migrate.latest({ directory });

    await expect(worker.start()).rejects.toThrow(
      'test.flights, which is also resource:default/twin, is already being migrated',
    );
    await knex('migrations').update({ dataset_ref: flights });
    await worker.plane.stop();
    const successor = await world.worker();
    await successor.reaches(id, 'succeeded');
    expect(await knex('migration_locations')).toEqual([
      { migration_id: id, location_key: 'memory:flights', active: false },
    ]);
    await successor.plane.stop();
  });
});
