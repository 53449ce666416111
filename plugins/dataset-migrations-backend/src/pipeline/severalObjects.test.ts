import { Contract } from '@skein/backstage-plugin-dataset-migrations-common';
import { Row } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { amelia } from '../__testUtils__/controlPlane';
import {
  contract,
  locationOf,
  memoryLocation,
} from '../__testUtils__/MemoryEngine';
import { poll } from '../__testUtils__/poll';
import { usePipeline } from '../__testUtils__/usePipeline';

jest.setTimeout(120_000);

const carriers = locationOf('carriers');

/** Flights and carriers; both rename their second field. */
function both(version: string, names: [string, string]): Contract {
  const first = contract(version, ['id', names[0]]);
  const second = contract(version, ['id', names[1]]);
  return {
    ...first,
    furtherObjects: [
      { ...second.schema, name: 'carriers', physicalName: 'carriers' },
    ],
  };
}

describe('a contract with several objects', () => {
  const given = usePipeline();

  beforeEach(() => {
    const { directory, engine } = given.world;
    directory.dataset.contracts = [
      both('1.0.0', ['delay', 'delay']),
      both('2.0.0', ['arrival_delay', 'lateness']),
    ];
    directory.dataset.furtherLocations = [carriers];
    engine.write(
      () =>
        Array.from({ length: 25 }, (_, i) => ({
          id: String(i),
          delay: String(i),
        })),
      carriers,
    );
  });

  const fieldsOf = ([row]: Row[]) => Object.keys(row);

  function expectVersion(version: '1.0.0' | '2.0.0') {
    given.expectVersion(version);
    const { rows } = given.world.engine.at(carriers);
    expect(rows).toHaveLength(25);
    expect(fieldsOf(rows)).toEqual(
      version === '1.0.0' ? ['id', 'delay'] : ['id', 'lateness'],
    );
  }

  it('migrates all of them, and back', async () => {
    const w = await given.worker();
    const { id } = await w.start();
    const done = await w.reaches(id, 'succeeded');
    expectVersion('2.0.0');
    expect(done).toMatchObject({
      steps: [
        { object: 'flights', agent: 'rename-field' },
        { object: 'carriers', agent: 'rename-field' },
      ],
      changes: [
        { from: 'flights.delay', to: 'flights.arrival_delay' },
        { from: 'carriers.delay', to: 'carriers.lateness' },
      ],
      enginePlan: {
        rows: 120,
        notes: ['flights: Planned for switch', 'carriers: Planned for switch'],
      },
      progress: { rowsDone: 120, rowsTotal: 120, chunksDone: 13 },
      verification: {
        ok: true,
        sourceRows: 120,
        objects: [
          { object: 'flights', targetRows: 95 },
          { object: 'carriers', targetRows: 25 },
        ],
      },
    });
    const { calls } = given.world.engine;
    expect(calls.filter(call => call === 'cutOver')).toHaveLength(1);

    await w.migrations.rollback(id, amelia);
    await w.reaches(id, 'rolled-back');
    expectVersion('1.0.0');
  });

  it('publishes and retires them together', async () => {
    const w = await given.worker();
    const { id } = await w.start('2.0.0', 'coexist');
    await w.reaches(id, 'succeeded');
    await w.migrations.retire(id, amelia);
    await w.retires(id);
    const { calls } = given.world.engine;
    expect(calls.filter(call => call === 'retire')).toHaveLength(1);
  });

  it('G5: cuts nothing over when one of them is corrupted', async () => {
    const w = await given.worker();
    const { engine } = given.world;
    engine.before = (method, run) => {
      if (method === 'verify' && run?.location.key === carriers.key) {
        const [stored] = engine.at(carriers).runs.values();
        stored.shadow.pop();
      }
    };
    const { id } = await w.start();
    const failed = await w.reaches(id, 'failed');
    expect(failed).toMatchObject({
      error: { name: 'VerificationError', message: 'carriers: id differs' },
      verification: { mismatches: [{ object: 'carriers', column: 'id' }] },
    });
    expectVersion('1.0.0');
    await w.migrations.cancel(id, amelia);
    await w.reaches(id, 'cancelled');
    expect(engine.store.runs.size + engine.at(carriers).runs.size).toBe(0);
  });

  it('G9: keeps up with writes to those verified while it verifies the others', async () => {
    const w = await given.worker();
    const { engine } = given.world;
    const calls: string[] = [];
    engine.before = (method, run) => {
      calls.push(`${method} ${run?.location.display}`);
    };
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    const first = calls.findIndex(call => call.startsWith('verify'));
    expect(calls.slice(first, first + 3)).toEqual([
      'verify test.flights',
      'catchUp test.flights',
      'verify test.carriers',
    ]);
  });

  it.each`
    point                  | times
    ${'lock:prepared'}     | ${2}
    ${'transform:chunk'}   | ${2}
    ${'verify:verified'}   | ${1}
    ${'cut-over:fenced'}   | ${1}
    ${'cut-over:switched'} | ${1}
  `(
    'G3: a worker that dies at $point costs nothing but time',
    async ({ point, times }) => {
      for (let nth = 1; nth <= times; nth += 1) {
        let seen = 0;
        const w = await given.worker({
          checkpoint: async ({ name }) => {
            if (name === point) {
              seen += 1;
              if (seen === nth) {
                throw new Error('killed');
              }
            }
          },
        });
        const { id } = await w.start();
        await w.reaches(id, 'succeeded');
        expect(seen).toBeGreaterThanOrEqual(nth);
        expectVersion('2.0.0');
        await w.migrations.rollback(id, amelia);
        const { error } = await w.reaches(id, 'rolled-back');
        expect(error).toBeUndefined();
        await w.plane.stop();
      }
    },
  );

  it('G1: holds every place, whatever dataset names it', async () => {
    const w = await given.worker({ slots: 0 });
    const { directory } = given.world;
    const { id } = await w.start();
    await given
      .knex('migrations')
      .update({ dataset_ref: 'resource:default/twin' });
    const { dataset } = directory;
    const start = (contracts: Contract[], ...places: string[]) => {
      const [location, ...furtherLocations] = places.map(locationOf);
      Object.assign(dataset, { contracts, location, furtherLocations });
      return w.start();
    };
    const alone = (name: string) =>
      [
        contract('1.0.0', ['id', 'delay']),
        contract('2.0.0', ['id', 'late']),
      ].map(
        (item): Contract => ({
          ...item,
          schema: { ...item.schema, name, physicalName: name },
        }),
      );
    await expect(start(alone('carriers'), 'carriers')).rejects.toThrow(
      `test.carriers, which is also resource:default/twin, is already being migrated from 1.0.0 to 2.0.0 by migration ${id} (queued)`,
    );
    await w.migrations.cancel(id, amelia);
    await given.knex('migrations').update({ state: 'cancelled' });
    expect(await start(alone('carriers'), 'carriers')).toMatchObject({
      state: 'queued',
    });
  });

  it('G1: waits for a place that another migration is not done with', async () => {
    const w = await given.worker();
    await given.knex('leases').insert({
      location_key: carriers.key,
      token: 1,
      migration_id: '00000000-0000-4000-8000-000000000000',
      expires_at: given.knex.raw("now() + interval '1 hour'"),
    });
    const { id } = await w.start();
    await poll('the wait', async () =>
      (await w.log(id)).some(line => line.startsWith('Waits: Migration 0000')),
    );
    const held = await given
      .knex('leases')
      .where({ location_key: memoryLocation.key })
      .whereNotNull('migration_id');
    expect(held).toEqual([]);
    await given.knex('leases').update({ migration_id: null });
    await w.reaches(id, 'succeeded');
    expectVersion('2.0.0');
  });

  it.each([
    [
      undefined,
      'The engine memory cannot switch the objects of a contract together; give each of them a contract of its own.',
    ],
    ['Each has a manifest of its own.', 'Each has a manifest of its own.'],
  ])(
    'refuses them where the engine cannot switch them together (%s)',
    async (why, message) => {
      const w = await given.worker();
      given.world.engine.switchesTogether = why;
      const { id } = await w.start();
      expect(await w.reaches(id, 'failed')).toMatchObject({
        stage: 'validate',
        error: { message },
      });
      expectVersion('1.0.0');
    },
  );
});
