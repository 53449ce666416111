import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { randomUUID } from 'node:crypto';
import { flights, Worker, World } from '../__testUtils__/controlPlane';
import { locationOf, memoryLocation } from '../__testUtils__/MemoryEngine';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { listRemindable } from './operations/migrations/remindable';

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

  describe('beside processes of an earlier release, which know of no further places', () => {
    const carriers = locationOf('carriers');
    const twin = 'resource:default/twin';
    let world: World;
    let worker: Worker;

    beforeEach(async () => {
      world = new World(database());
      worker = await world.worker({ slots: 0 });
    });

    afterEach(() => worker.plane.stop());

    const places = () =>
      database()('migration_locations')
        .select('location_key', 'active')
        .orderBy(['location_key', 'active']);

    /** As an earlier release writes a migration of flights. */
    const startAsBefore = (datasetRef: string) =>
      database().raw(
        `INSERT INTO migrations (id, dataset_ref, location_key, location, from_version, to_version,
           policy, state, started_by, source_contract, target_contract)
         VALUES (gen_random_uuid(), ?, 'memory:flights', ?, '1.0.0', '2.0.0',
           'switch', 'queued', 'user:default/amelia', '{}', '{}')`,
        [datasetRef, JSON.stringify(memoryLocation)],
      );

    it('G1: lets the places go of a migration that one of them ends', async () => {
      const { id } = await worker.start();
      await database()('migrations').update({
        further_locations: JSON.stringify([carriers]),
      });
      expect(await places()).toEqual([
        { location_key: 'memory:carriers', active: true },
        { location_key: 'memory:flights', active: true },
      ]);
      await database().raw(`UPDATE migrations SET state = 'failed'`);
      expect(await places()).toEqual([
        { location_key: 'memory:carriers', active: false },
        { location_key: 'memory:flights', active: false },
      ]);
      await database()('migrations').update({ further_locations: null });
      expect(await places()).toEqual([
        { location_key: 'memory:flights', active: false },
      ]);

      expect(await worker.start()).toMatchObject({ state: 'queued' });
      await expect(
        database().raw(`UPDATE migrations SET state = 'queued' WHERE id = ?`, [
          id,
        ]),
      ).rejects.toThrow('_uniq');
    });

    it('G1: holds the place of a migration that one of them starts', async () => {
      await startAsBefore(twin);
      const { dataset } = world.directory;
      Object.assign(dataset, {
        contracts: dataset.contracts.map(contract => ({
          ...contract,
          furtherObjects: [{ ...contract.schema, name: 'carriers' }],
        })),
        location: carriers,
        furtherLocations: [memoryLocation],
      });
      await expect(worker.start()).rejects.toThrow(
        `test.flights, which is also ${twin}, is already being migrated`,
      );
      await database().raw(`UPDATE migrations SET state = 'cancelled'`);
      expect(await worker.start()).toMatchObject({ state: 'queued' });
    });

    it('G1: refuses them a place that a migration of several holds', async () => {
      await worker.start();
      await database()('migrations').update({
        dataset_ref: twin,
        location_key: carriers.key,
        further_locations: JSON.stringify([memoryLocation]),
      });
      await expect(startAsBefore(flights)).rejects.toThrow(
        'migration_locations_active_uniq',
      );
      expect(await database()('migrations')).toHaveLength(1);
    });
  });

  it('G7: order what waits of the outbox, and do not touch what has ended', async () => {
    const knex = database();
    const world = new World(knex);
    const worker = await world.worker({ slots: 0 });
    const { id } = await worker.start();
    await worker.plane.stop();
    await knex('deliveries').delete();
    await knex.migrate.down({
      directory,
      name: '20261129320000_ordered_deliveries.js',
    });
    const write = (occurrence: number, state: string) =>
      knex('deliveries').insert({
        id: randomUUID(),
        migration_id: id,
        dataset_ref: flights,
        consumer_ref: 'component:default/board',
        kind: 'webhook',
        event_type: 'dev.skein.dataset-migration.succeeded',
        target: 'https://board.test/hook',
        occurrence,
        body: '{}',
        state,
      });
    await write(1, 'delivered');
    await write(2, 'pending');
    await write(3, 'pending');
    await knex.migrate.latest({ directory });
    await write(4, 'pending');
    expect(
      await knex('deliveries').orderBy('occurrence').pluck('position'),
    ).toEqual([null, '1', '2', '3']);
  });

  it('do not remind of deadlines that an earlier release set', async () => {
    const knex = database();
    const worker = await new World(knex).worker({ slots: 0 });
    await worker.start();
    await worker.plane.stop();
    await knex.migrate.down({
      directory,
      name: '20261129401000_who_was_told.js',
    });
    await knex('migrations').update({
      deadline: new Date(Date.now() + 3_600_000),
    });
    const due = () => listRemindable(knex, [7 * 86_400]);
    expect(await due()).toHaveLength(1);
    await knex.migrate.latest({ directory });
    expect(await due()).toEqual([]);
  });

  it('takes back what the last one made', async () => {
    const knex = database();
    await knex.migrate.down({
      directory,
      name: '20261129000000_several_objects.js',
    });
    const { rows } = await knex.raw(
      `SELECT proname FROM pg_proc WHERE proname = 'hold_migration_locations'
       UNION ALL SELECT tgname FROM pg_trigger WHERE tgname = 'migrations_hold_locations'`,
    );
    expect(rows).toEqual([]);
    expect(await knex.schema.hasTable('migration_locations')).toBe(false);
    await knex.migrate.latest({ directory });
  });
});
