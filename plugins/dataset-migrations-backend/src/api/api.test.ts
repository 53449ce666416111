import { TestDatabases } from '@backstage/backend-test-utils';
import { ResponseError } from '@backstage/errors';
import { randomUUID } from 'node:crypto';
import { Knex } from 'knex';
import { poll } from '../__testUtils__/poll';
import {
  asUser,
  component,
  contractText,
  dataset,
  startBackend,
  TestBackend,
} from '../__testUtils__/testBackend';

jest.setTimeout(180_000);

const flights = 'resource:default/flights';
const places = 'resource:default/places';

describe('the API', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let backend: TestBackend;

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    backend = await startBackend({ knex });
    backend.engine.of(flights).write(() =>
      Array.from({ length: 25 }, (_, i) => ({
        id: String(i),
        delay: String(i * 3),
      })),
    );
    await backend.publish([
      dataset('flights', {
        contracts: [
          contractText('1.0.0', 'delay'),
          contractText('1.1.0', 'lateness'),
          contractText('2.0.0', 'arrival_delay'),
          contractText('3.0.0', 'minutes_late'),
        ],
      }),
      dataset('places', {}, 'group:default/geo-data'),
      component('accepts', {
        consumesDatasets: [
          { dataset: flights, version: '>=1', fields: ['id'] },
        ],
      }),
      component('pinned', {
        consumesDatasets: [
          { dataset: places, version: '^1.0.0', fields: ['delay'] },
        ],
      }),
    ]);
  });

  afterAll(async () => {
    await backend.stop();
  });

  const status = (error: unknown) => (error as ResponseError).statusCode;

  async function refused(call: Promise<unknown>): Promise<[number, string]> {
    try {
      await call;
    } catch (error) {
      return [status(error), (error as ResponseError).body.error.message];
    }
    throw new Error('It was not refused');
  }

  function start(user: string, body: object, key?: string) {
    return fetch(`${backend.api}/migrations`, {
      method: 'POST',
      headers: {
        ...asUser(user),
        'Content-Type': 'application/json',
        ...(key ? { 'Idempotency-Key': key } : {}),
      },
      body: JSON.stringify(body),
    });
  }

  it('answers nobody without credentials', async () => {
    for (const path of [
      '/datasets',
      '/migrations',
      '/queue',
      '/queue/history',
      '/deliveries',
    ]) {
      const answer = await fetch(`${backend.api}${path}`, {
        headers: { Authorization: 'Bearer mock-none-token' },
      });
      expect([path, answer.status]).toEqual([path, 401]);
    }
  });

  it('lists what the caller may read, and refuses the rest', async () => {
    const carl = backend.as('carl');
    expect(await carl.listDatasets()).toMatchObject({
      items: [{ entityRef: places }],
      totalItems: 1,
    });
    expect((await backend.as('amelia').listDatasets()).totalItems).toBe(2);
    expect(
      (await carl.getConsumedDatasets('component:default/accepts')).items,
    ).toEqual([]);
    const unreadable = [
      403,
      `The permission 'dataset.read' is needed for '${flights}'`,
    ];
    expect(await refused(carl.getDataset(flights))).toEqual(unreadable);
    expect(await refused(carl.getConsumers(flights))).toEqual(unreadable);
    expect(
      await refused(carl.plan(flights, { targetVersion: '2.0.0' })),
    ).toEqual(unreadable);
  });

  it('counts consumers without listing them', async () => {
    const consumers = (request?: { limit?: number }) =>
      backend.as('amelia').getConsumers(places, request);
    const all = await consumers();
    expect(all).toMatchObject({ counts: { breaks: 1 }, items: [{}] });
    expect(await consumers({ limit: 0 })).toEqual({ ...all, items: [] });
    expect(await refused(consumers({ limit: -1 }))).toEqual([
      400,
      expect.stringContaining('limit'),
    ]);
  });

  it('filters and searches datasets', async () => {
    const amelia = backend.as('amelia');
    const refs = async (request: Parameters<typeof amelia.listDatasets>[0]) =>
      (await amelia.listDatasets(request)).items.map(item => item.entityRef);
    expect(await refs({ search: 'FLIGH' })).toEqual([flights]);
    expect(await refs({ search: '%' })).toEqual([]);
    expect(await refs({ owner: 'group:geo-data' })).toEqual([places]);
    expect(await refs({ engine: 'memory' })).toEqual([flights, places]);
    expect(await refs({ engine: 'other' })).toEqual([]);
    expect(await refs({ status: 'upgradable' })).toEqual([flights, places]);
    expect(await refs({ status: 'problem' })).toEqual([]);
    expect(await refs({ status: 'active' })).toEqual([]);

    // What there is to choose from does not depend on what was chosen.
    const none = await amelia.listDatasets({ engine: 'other' });
    expect(none.engines).toEqual(['memory']);

    const first = await amelia.listDatasets({ limit: 1 });
    const second = await amelia.listDatasets({
      limit: 1,
      cursor: first.nextCursor,
    });
    expect(second.items).toMatchObject([{ entityRef: places }]);
    expect(second.nextCursor).toBeUndefined();
    expect(
      await refused(amelia.listMigrations({ cursor: first.nextCursor })),
    ).toEqual([400, expect.stringContaining('is not a cursor of this list')]);
  });

  it('plans for readers, and shows values to owners only, audited', async () => {
    const bessie = backend.as('bessie');
    const plan = await bessie.plan(flights, { targetVersion: '2.0.0' });
    expect(plan).toMatchObject({
      fromVersion: '1.0.0',
      breaking: true,
      blockingCount: 0,
      enginePlan: { notes: ['Planned for switch'] },
    });
    expect(
      await bessie.plan(flights, { targetVersion: '2.0.0', policy: 'coexist' }),
    ).toEqual({
      ...plan,
      enginePlan: { ...plan.enginePlan, notes: ['Planned for coexist'] },
    });
    expect(
      await refused(
        bessie.plan(flights, {
          targetVersion: '2.0.0',
          policy: 'sideways' as 'switch',
        }),
      ),
    ).toEqual([400, expect.stringContaining('policy')]);
    await expect(
      bessie.plan(flights, { targetVersion: '1.1.0' }),
    ).rejects.toMatchObject({
      statusCode: 400,
      body: {
        error: {
          name: 'InputError',
          lowestVersion: '2.0.0',
          requiredBump: 'major',
        },
      },
    });
    const values = "The permission 'dataset.data.read' is needed for";
    backend.audits.length = 0;
    expect(
      await refused(bessie.preview(flights, { targetVersion: '2.0.0' })),
    ).toEqual([403, expect.stringContaining(values)]);
    const preview = await backend
      .as('amelia')
      .preview(flights, { targetVersion: '2.0.0', limit: 2 });
    expect(preview).toMatchObject({
      columnsAfter: ['id', 'arrival_delay'],
      after: [
        ['0', '0'],
        ['1', '3'],
      ],
    });
    const meta = {
      queryType: 'preview',
      datasetRef: flights,
      targetVersion: '2.0.0',
    };
    expect(backend.audits).toEqual([
      { eventId: 'data-read', meta, outcome: 'NotAllowedError' },
      { eventId: 'data-read', meta, outcome: 'success' },
    ]);
  });

  it('G11: shows the values of a preflight to owners only', async () => {
    backend.engine.of(flights).findings = [
      {
        kind: 'cast-fails',
        field: 'delay',
        rows: 1,
        message: 'x',
        samples: ['abc'],
      },
    ];
    const [amelia, bessie] = [backend.as('amelia'), backend.as('bessie')];
    expect(
      await refused(bessie.startPreflight(flights, { targetVersion: '2.0.0' })),
    ).toEqual([403, expect.stringContaining("'dataset.migrate' is needed")]);
    const { id } = await amelia.startPreflight(flights, {
      targetVersion: '2.0.0',
    });
    const report = await poll('the preflight', async () => {
      const answer = await bessie.getPreflight(flights, id);
      return answer.state === 'done' && answer;
    });
    expect(report.findings).toEqual([
      { kind: 'cast-fails', field: 'delay', rows: 1, message: 'x' },
    ]);
    const shown = await amelia.getPreflight(flights, id);
    expect(shown.findings).toMatchObject([{ samples: ['abc'] }]);
    expect(await refused(amelia.getPreflight(places, id))).toEqual([
      404,
      expect.any(String),
    ]);
    backend.engine.of(flights).findings = [];
  });

  it('starts once for one key, and refuses what does not fit', async () => {
    const body = { datasetRef: 'Resource:flights', targetVersion: '2.0.0' };
    expect((await start('bessie', body)).status).toBe(403);
    expect(
      (await start('amelia', { ...body, expectedVersion: '1.5.0' })).status,
    ).toBe(409);
    expect(
      (await start('amelia', { ...body, targetVersion: '9.9.9' })).status,
    ).toBe(404);
    expect(
      (await start('amelia', { ...body, targetVersion: '1.0.0' })).status,
    ).toBe(400);

    backend.audits.length = 0;
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => start('amelia', body, 'key-1')),
    );
    expect(answers.map(answer => answer.status)).toEqual(Array(8).fill(202));
    const started = await Promise.all(answers.map(answer => answer.json()));
    const ids = new Set(started.map(migration => migration.id));
    expect(ids.size).toBe(1);
    expect(started[0]).toMatchObject({ datasetRef: flights, policy: 'switch' });
    expect(
      backend.audits.map(({ eventId, outcome }) => [eventId, outcome]),
    ).toEqual(Array(8).fill(['migration-start', 'success']));

    const other = await start(
      'amelia',
      { ...body, targetVersion: '3.0.0' },
      'key-1',
    );
    expect(other.status).toBe(409);

    const [id] = ids;
    const amelia = backend.as('amelia');
    const migration = await poll('the end', async () => {
      const now = await amelia.getMigration(id);
      return now.state === 'succeeded' && now;
    });
    expect(migration.actions).toEqual(['rollback']);
    expect((await backend.as('bessie').getMigration(id)).actions).toEqual([]);
    expect(await refused(backend.as('carl').getMigration(id))).toEqual([
      403,
      expect.any(String),
    ]);
    expect((await backend.as('carl').listMigrations()).totalItems).toBe(0);
    expect(
      await amelia.listMigrations({ state: ['succeeded', 'failed'] }),
    ).toMatchObject({ totalItems: 1, items: [{ id }] });
    const found = async (search: string) =>
      (await amelia.listMigrations({ search })).totalItems;
    expect(await found('FLIGH')).toBeGreaterThan(0);
    expect(await found('%')).toBe(0);
    expect((await amelia.listMigrations({ state: ['failed'] })).items).toEqual(
      [],
    );

    const log = await amelia.listMigrationEvents(id, { limit: 2 });
    expect(log.items).toHaveLength(2);
    const rest = await amelia.listMigrationEvents(id, {
      cursor: log.nextCursor,
    });
    expect(rest.items.length).toBeGreaterThan(0);
    expect(await amelia.getDataset(flights)).toMatchObject({
      currentVersion: '2.0.0',
      recordedVersion: '2.0.0',
      nextVersion: '3.0.0',
    });

    const told = await poll('the event', async () => {
      const { items } = await amelia.listDeliveries({
        migrationId: id,
        state: 'delivered',
      });
      return items.length === 1 && items;
    });
    expect(told).toMatchObject([
      { kind: 'event', eventType: 'dev.skein.dataset-migration.succeeded' },
    ]);
    expect(await refused(backend.as('bessie').redeliver(told[0].id))).toEqual([
      403,
      expect.stringContaining('dataset.delivery.redeliver'),
    ]);
    await amelia.redeliver(told[0].id);
    await poll('the event once more', async () => {
      const { items } = await amelia.listDeliveries({
        migrationId: id,
        state: 'delivered',
      });
      return items.length === 1 && items[0].deliveredAt !== told[0].deliveredAt;
    });
    expect((await backend.as('carl').listDeliveries()).totalItems).toBe(0);
  });

  it('audits what is refused, also of what the caller may not see, or is not there', async () => {
    const { items } = await backend
      .as('amelia')
      .listMigrations({ datasetRef: flights });
    const [{ id }] = items;
    const carl = backend.as('carl');
    const reason = 'because';
    const shown = { consumers: [], concernsId: '0'.repeat(64) };
    const missing = randomUUID();
    backend.audits.length = 0;
    for (const one of [id, missing]) {
      const code = one === id ? 403 : 404;
      const asked = [
        carl.cancelMigration(one),
        carl.retryMigration(one),
        carl.overrideMigration(one, { reason, ...shown }),
        carl.coexistMigration(one),
        carl.rollbackMigration(one),
        carl.retireMigration(one),
        carl.setMigrationDates(one, { deadline: null }),
      ];
      expect(await Promise.all(asked.map(refused))).toEqual(
        asked.map(() => [code, expect.any(String)]),
      );
    }
    expect(await refused(carl.redeliver(missing))).toEqual([
      404,
      expect.any(String),
    ]);
    const events = [
      'cancel',
      'retry',
      'override',
      'coexist',
      'rollback',
      'retire',
      'dates',
    ].map(action => `migration-${action}`);
    const told = backend.audits.map(({ eventId, meta, outcome }) => [
      eventId,
      meta?.migrationId ?? meta?.deliveryId,
      meta?.datasetRef,
      outcome,
    ]);
    expect(told).toHaveLength(15);
    expect(told).toEqual(
      expect.arrayContaining([
        ...events.map(event => [event, id, flights, 'NotAllowedError']),
        ...events.map(event => [event, missing, undefined, 'NotFoundError']),
        ['delivery-redeliver', missing, undefined, 'NotFoundError'],
      ]),
    );
  });

  it('G6: lets owners override with a reason, and nobody else', async () => {
    const carl = backend.as('carl');
    const { id } = await carl.startMigration({
      datasetRef: places,
      targetVersion: '2.0.0',
    });
    const blocked = await poll('the block', async () => {
      const now = await carl.getMigration(id);
      return now.state === 'blocked' && now;
    });
    expect(blocked.actions).toEqual(['cancel', 'override', 'coexist']);
    expect(blocked.consumers).toMatchObject([
      { consumer: { entityRef: 'component:default/pinned' }, blocking: true },
    ]);
    const amelia = backend.as('amelia');
    const shown = {
      consumers: ['component:default/pinned'],
      concernsId: (await carl.getBlockers(id)).concernsId,
    };
    expect(
      await refused(
        amelia.overrideMigration(id, { reason: 'because', ...shown }),
      ),
    ).toEqual([403, expect.stringContaining('dataset.migrate.override')]);
    expect(
      await refused(carl.overrideMigration(id, { reason: '   ', ...shown })),
    ).toEqual([400, expect.stringContaining('body.reason')]);
    expect(await refused(carl.rollbackMigration(id))).toEqual([
      409,
      expect.any(String),
    ]);

    backend.audits.length = 0;
    await carl.overrideMigration(id, { reason: 'they agreed', ...shown });
    expect(backend.audits).toEqual([
      {
        eventId: 'migration-override',
        meta: {
          migrationId: id,
          datasetRef: places,
          reason: 'they agreed',
          ...shown,
        },
        outcome: 'success',
      },
    ]);
    const done = await poll('the end', async () => {
      const now = await carl.getMigration(id);
      return now.state === 'succeeded' && now;
    });
    expect(done.override).toMatchObject({
      by: 'user:default/carl',
      reason: 'they agreed',
    });
  });

  it('hides the keys of mismatches from who may not see values', async () => {
    const { items } = await backend
      .as('amelia')
      .listMigrations({ datasetRef: flights });
    const report = {
      ok: false,
      columns: [],
      contractChecks: [],
      mismatches: [
        { column: 'id', ranges: ['id 17..18'], message: 'id 17..18 differ' },
      ],
    };
    await knex
      .withSchema('dataset-migrations')
      .from('migrations')
      .where({ id: items[0].id })
      .update({ verification: JSON.stringify(report) });
    const seenBy = async (user: string) =>
      JSON.stringify(
        (await backend.as(user).getMigration(items[0].id)).verification,
      );
    expect(await seenBy('amelia')).toContain('17');
    expect(await seenBy('bessie')).not.toContain('17');
  });

  it('G11: a failure tells readers no value, and owners where to see it', async () => {
    const place = backend.engine.of(flights);
    place.talkative = true;
    place.findings = [
      {
        kind: 'cast-fails',
        field: 'delay',
        rows: 1,
        message: "'delay' is no number",
        samples: ['Ada Lovelace'],
      },
    ];
    const [amelia, bessie] = [backend.as('amelia'), backend.as('bessie')];
    const request = { targetVersion: '3.0.0' };
    const { id } = await amelia.startMigration({
      datasetRef: flights,
      ...request,
    });
    const failed = await poll('the failure', async () => {
      const now = await bessie.getMigration(id);
      return now.state === 'failed' && now;
    });
    expect(failed.error).toMatchObject({
      name: 'InputError',
      message: "'delay' is no number (1 row, field 'delay')",
    });
    const preflight = await amelia.startPreflight(flights, request);
    await poll('the preflight', async () => {
      const report = await bessie.getPreflight(flights, preflight.id);
      return report.state === 'done';
    });
    const seen = await Promise.all([
      bessie.getMigration(id),
      bessie.listMigrationEvents(id),
      bessie.listMigrations(),
      bessie.listDeliveries({ migrationId: id }),
      bessie.plan(flights, request),
      bessie.getPreflight(flights, preflight.id),
      bessie.getDataset(flights),
    ]);
    expect(JSON.stringify(seen)).not.toContain('Lovelace');
    const tables = await Promise.all(
      ['migrations', 'migration_events', 'preflights', 'deliveries'].map(
        table => knex.withSchema('dataset-migrations').from(table),
      ),
    );
    expect(JSON.stringify(tables)).not.toContain('Lovelace');
    expect(await amelia.getPreflight(flights, preflight.id)).toMatchObject({
      findings: [{ samples: ['Ada Lovelace'] }],
    });
    place.findings = [];
  });

  it('tells what waits and who works', async () => {
    expect(await backend.as('bessie').getQueueStatus()).toMatchObject({
      workersAlive: 1,
      workers: [{ slots: 2, pid: process.pid, state: 'working' }],
    });
  });

  it('tells what waited in the last hours', async () => {
    await knex
      .withSchema('dataset-migrations')
      .from('queue_samples')
      .insert({
        at: knex.raw(`now() - interval '90 minutes'`),
        depth: 9,
        eligible_backlog: 8,
        oldest_age_seconds: 1.5,
        running: 7,
        workers_alive: 6,
        succeeded: 5,
        failed: 4,
      });
    const bessie = backend.as('bessie');
    const { items } = await bessie.getQueueHistory({ hours: 2, samples: 10 });
    expect(items).toContainEqual({
      at: expect.any(String),
      depth: 9,
      eligibleBacklog: 8,
      oldestAgeSeconds: 1.5,
      running: 7,
      workersAlive: 6,
      succeeded: 5,
      failed: 4,
    });
    expect((await bessie.getQueueHistory()).items).not.toContainEqual(
      expect.objectContaining({ depth: 9 }),
    );
    await expect(bessie.getQueueHistory({ hours: 169 })).rejects.toThrow(
      'hours',
    );
    await expect(bessie.getQueueHistory({ samples: 9 })).rejects.toThrow(
      'samples',
    );
  });

  it('lets nobody follow a dataset where people are not told', async () => {
    const bessie = backend.as('bessie');
    const none = { following: false, available: false };
    expect(await bessie.getSubscription(flights)).toEqual(none);
    expect(
      await refused(bessie.setSubscription(flights, { following: true })),
    ).toEqual([
      409,
      'Nobody is told here, as datasetMigrations.notifications.owners is false',
    ]);
    expect(await bessie.setSubscription(flights, { following: false })).toEqual(
      none,
    );
  });

  it('G10: answers with no secret what a store fails with', async () => {
    jest
      .spyOn(backend.engine, 'preview')
      .mockRejectedValueOnce(
        new Error('no way to postgres://skein:hunter2@db/warehouse'),
      );
    expect(
      await refused(
        backend.as('amelia').preview(flights, { targetVersion: '3.0.0' }),
      ),
    ).toEqual([500, 'no way to postgres://***@db/warehouse']);
  });

  it('does not find what is not there', async () => {
    const amelia = backend.as('amelia');
    const id = randomUUID();
    for (const call of [
      () => amelia.getDataset('resource:default/nope'),
      () => amelia.getConsumers('resource:default/nope'),
      () => amelia.getSubscription('resource:default/nope'),
      () => amelia.plan('resource:default/nope', { targetVersion: '2.0.0' }),
      () => amelia.getMigration(id),
      () => amelia.cancelMigration(id),
      () =>
        amelia.startMigration({
          datasetRef: 'resource:default/nope',
          targetVersion: '2.0.0',
        }),
      () => amelia.preview('resource:default/nope', { targetVersion: '2.0.0' }),
      () => amelia.listMigrationEvents(id),
      () => amelia.redeliver(id),
      () => amelia.getPreflight(flights, id),
    ]) {
      expect(await refused(call())).toEqual([404, expect.any(String)]);
    }
  });
});
