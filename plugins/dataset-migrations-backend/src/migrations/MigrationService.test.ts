import { Knex } from 'knex';
import { amelia, flights, Worker, World } from '../__testUtils__/controlPlane';
import { poll } from '../__testUtils__/poll';
import { useTestDatabase } from '../__testUtils__/testDatabase';

jest.setTimeout(60_000);

describe('MigrationService', () => {
  const database = useTestDatabase();
  let knex: Knex;
  let world: World;
  let workers: Worker[];

  beforeEach(async () => {
    knex = database();
    world = new World(knex);
    // They only write; what runs is tested with the pipeline.
    workers = [await world.worker({ slots: 0 })];
  });

  afterEach(async () => {
    await Promise.all(workers.map(({ plane }) => plane.stop()));
  });

  const request = { datasetRef: flights, targetVersion: '2.0.0' };

  /** Without a pipeline that would do it. */
  const end = async (
    { id }: { id: string },
    change: { state: 'failed' | 'succeeded'; stage?: string },
  ) => {
    await knex('migrations').where({ id }).update(change);
  };

  describe('start', () => {
    it('G1: of 50 simultaneous starts through two processes one succeeds', async () => {
      workers.push(await world.worker({ slots: 0 }));
      const results = await Promise.allSettled(
        Array.from({ length: 50 }, (_, i) => workers[i % 2].start()),
      );
      const started = results.flatMap(result =>
        result.status === 'fulfilled' ? [result.value.id] : [],
      );
      const refused = results.flatMap(result =>
        result.status === 'rejected' ? [String(result.reason)] : [],
      );
      expect(started).toHaveLength(1);
      const [id] = started;
      expect(refused).toEqual(
        Array(49).fill(
          `ConflictError: ${flights} is already being migrated from 1.0.0 to 2.0.0 by migration ${id} (queued)`,
        ),
      );
      expect(await knex('migrations').select('id')).toEqual([{ id }]);
      expect(
        await knex.withSchema('dataset_migrations_boss').from('job'),
      ).toHaveLength(1);
    });

    it('G1: two entities that name one place are one', async () => {
      const { id } = await workers[0].start();
      await knex('migrations').update({ dataset_ref: 'resource:default/twin' });
      await expect(workers[0].start()).rejects.toThrow(
        `test.flights, which is also resource:default/twin, is already being migrated from 1.0.0 to 2.0.0 by migration ${id} (queued)`,
      );
    });

    it('gives the same migration for the same idempotency key and request', async () => {
      const { migrations } = workers[0];
      const start = (key: string, policy?: 'switch' | 'coexist') =>
        migrations.start({
          request: { ...request, policy },
          initiator: amelia,
          idempotencyKey: key,
        });
      const all = await Promise.all(
        Array.from({ length: 10 }, () => start('k')),
      );
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      // The default, spelled out, is the same request.
      expect((await start('k', 'switch')).id).toBe(all[0].id);
      await expect(start('k', 'coexist')).rejects.toThrow(
        `The idempotency key 'k' was used for another request, which started migration ${all[0].id}`,
      );
      await expect(start('other')).rejects.toThrow('already being migrated');

      // Even when the dataset is where the request wanted it.
      world.directory.dataset.currentVersion = '2.0.0';
      expect((await start('k')).id).toBe(all[0].id);

      // A key belongs to its caller.
      await expect(
        migrations.start({
          request,
          initiator: { ...amelia, subject: 'user:default/bessie' },
          idempotencyKey: 'k',
        }),
      ).rejects.toThrow('is at version 2.0.0 already');
    });

    it.each([
      [{ datasetRef: 'resource:default/x' }, 'NotFoundError', 'no dataset'],
      [
        { targetVersion: '9.9.9' },
        'NotFoundError',
        "no usable contract of version '9.9.9'",
      ],
      [
        { targetVersion: '1.0.0' },
        'InputError',
        'is at version 1.0.0 already; 1.0.0 is not after it',
      ],
      [
        { expectedVersion: '1.1.0' },
        'ConflictError',
        'is at version 1.0.0, not at 1.1.0 as expected',
      ],
    ])('G10: refuses %j', async (change, name, message) => {
      await expect(
        workers[0].migrations.start({
          request: { ...request, ...change },
          initiator: amelia,
        }),
      ).rejects.toMatchObject({
        name,
        message: expect.stringContaining(message),
      });
      expect(await knex('migrations')).toEqual([]);
    });

    it('G10: refuses a dataset whose data cannot be located, with the reason', async () => {
      world.directory.dataset.location = undefined;
      world.directory.dataset.problems = [
        { path: 'spec.contracts[0].servers', message: 'not allowed here' },
      ];
      await expect(workers[0].start()).rejects.toThrow(
        'The data of resource:default/flights cannot be located: spec.contracts[0].servers: not allowed here',
      );
    });
  });

  it('answers NotFoundError for ids that are none', async () => {
    const { migrations } = workers[0];
    for (const id of ['x', "'; DROP TABLE migrations; --", '']) {
      await expect(migrations.get(id)).rejects.toThrow('There is no migration');
      await expect(migrations.cancel(id, amelia)).rejects.toThrow(
        'There is no migration',
      );
    }
  });

  it('carries out one of many simultaneous actions', async () => {
    const { id } = await workers[0].start();
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () =>
        workers[0].migrations.cancel(id, amelia),
      ),
    );
    expect(results.filter(r => r.status === 'fulfilled')).toHaveLength(1);
    expect(await workers[0].log(id)).toEqual([
      expect.stringContaining('Started'),
      'Cancellation asked for, by user:default/amelia',
    ]);
  });

  it('G1: does not retry a failure while another migration holds the dataset', async () => {
    const failed = await workers[0].start();
    await end({ id: failed.id }, { state: 'failed', stage: 'transform' });
    const active = await workers[0].start();
    await expect(
      workers[0].migrations.retry(failed.id, amelia),
    ).rejects.toThrow(`by migration ${active.id} (queued)`);

    await end({ id: active.id }, { state: 'succeeded' });
    world.directory.dataset.currentVersion = '2.0.0';
    await expect(
      workers[0].migrations.retry(failed.id, amelia),
    ).rejects.toThrow(
      'is at version 2.0.0, no longer at 1.0.0: start another migration',
    );
  });

  it('lists newest first, page by page, whatever comes meanwhile', async () => {
    const { migrations } = workers[0];
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      const { id } = await workers[0].start();
      ids.unshift(id);
      await end({ id }, { state: 'failed' });
    }
    // Two of the very same moment.
    await knex('migrations').update({ created_at: knex.raw('now()') });
    const all = { kind: 'all' } as const;
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await migrations.list({ limit: 2, cursor }, all);
      expect(page.totalItems).toBe(5);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    expect([...seen].sort()).toEqual([...ids].sort());

    const count = async (filter: Parameters<typeof migrations.list>[0]) =>
      (await migrations.list(filter, all)).totalItems;
    expect(await count({ state: ['succeeded'] })).toBe(0);
    expect(await count({ state: ['succeeded', 'failed'] })).toBe(5);
    expect(await count({ startedBy: 'user:default/nobody' })).toBe(0);
    expect(await count({ datasetRef: flights })).toBe(5);
    const consumerOwner = 'group:default/apps';
    await knex('consumers').insert({
      dataset_ref: flights,
      consumer_ref: 'component:default/board',
      owner: consumerOwner,
      source: 'declared',
    });
    expect(await count({ consumerOwner })).toBe(0);
    await knex('migrations').where({ id: ids[0] }).update({ state: 'blocked' });
    expect(await count({ consumerOwner })).toBe(1);
    expect(await count({ consumerOwner: 'group:default/data' })).toBe(0);
    expect((await migrations.list({}, { kind: 'none' })).items).toEqual([]);
    await expect(migrations.list({ cursor: 'x' }, all)).rejects.toThrow(
      'is not a cursor',
    );
  });

  it('shows a reader of the log every line once, in order', async () => {
    const worker = await world.worker();
    workers.push(worker);
    const { id } = await worker.start();
    const read: string[] = [];
    let cursor: string | undefined;
    await poll('the end of the migration', async () => {
      const page = await worker.migrations.events(id, { cursor, limit: 2 });
      read.push(...page.items.map(item => item.id));
      cursor = page.nextCursor;
      return (
        page.items.length === 0 &&
        (await worker.migrations.get(id)).state === 'succeeded'
      );
    });
    const { items } = await worker.migrations.events(id, {});
    const rest = await worker.migrations.events(id, { cursor });
    expect([...read, ...rest.items.map(item => item.id)]).toEqual(
      items.map(item => item.id),
    );
    await expect(
      worker.migrations.events(id, { cursor: '1; DROP' }),
    ).rejects.toThrow('is not a cursor');
  });
});
