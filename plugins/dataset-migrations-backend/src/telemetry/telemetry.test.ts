import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  metricsServiceMock,
  tracingServiceMock,
} from '@backstage/backend-test-utils/alpha';
import { Knex } from 'knex';
import { openDatabase } from '../database/openDatabase';
import { ShutdownError } from '../queue/errors';
import { createTelemetry } from './createTelemetry';
import { observeQueue, QueueSnapshot } from './observeQueue';
import { MIGRATION_OUTCOMES } from './types';
import { Workers } from './Workers';

jest.setTimeout(120_000);

describe('createTelemetry', () => {
  it('measures jobs by task and outcome, with the number that run', async () => {
    const recorded: unknown[] = [];
    const running: number[] = [];
    const telemetry = createTelemetry({
      metrics: metricsServiceMock.mock({
        createHistogram: name => ({
          record: (_value, attributes) =>
            void recorded.push([name, attributes]),
        }),
      }),
      tracing: tracingServiceMock.mock(),
      onJob: count => void running.push(count),
    });
    expect(await telemetry.job('advance', async () => 7)).toBe(7);
    const failing = (error: Error) =>
      telemetry.job('deliver', async () => {
        throw error;
      });
    await expect(failing(new Error('no'))).rejects.toThrow('no');
    await expect(failing(new ShutdownError('stop'))).rejects.toThrow('stop');

    const name = 'dataset_migrations.job.duration';
    expect(recorded).toEqual([
      [name, { task: 'advance', outcome: 'ok' }],
      [name, { task: 'deliver', outcome: 'error' }],
      [name, { task: 'deliver', outcome: 'aborted' }],
    ]);
    expect(running).toEqual([1, 0, 1, 0, 1, 0]);
  });

  it('counts without naming a dataset, a migration or a user', async () => {
    const counted: unknown[] = [];
    const telemetry = createTelemetry({
      metrics: metricsServiceMock.mock({
        createCounter: name => ({
          add: (value, attributes) =>
            void counted.push([name, value, attributes]),
        }),
      }),
      tracing: tracingServiceMock.mock(),
    });
    // Each outcome of a migration is there before it happens.
    expect(counted.splice(0)).toEqual(
      MIGRATION_OUTCOMES.map(outcome => [
        'dataset_migrations.migrations.total',
        0,
        { outcome },
      ]),
    );
    telemetry.migrationEnded('succeeded');
    telemetry.rowsTransformed('postgres', 100_000);
    telemetry.deliveryEnded('webhook', 'dead');
    expect(counted).toEqual([
      ['dataset_migrations.migrations.total', 1, { outcome: 'succeeded' }],
      ['dataset_migrations.rows.transformed', 100_000, { engine: 'postgres' }],
      [
        'dataset_migrations.deliveries.total',
        1,
        { kind: 'webhook', outcome: 'dead' },
      ],
    ]);
  });

  it('spans a slice of a stage and passes on what it returns', async () => {
    const tracing = tracingServiceMock.mock();
    const telemetry = createTelemetry({
      metrics: metricsServiceMock.mock(),
      tracing,
    });
    const slice = {
      stage: 'transform' as const,
      migrationId: 'm',
      datasetRef: 'resource:default/flights',
    };
    expect(await telemetry.stageSlice(slice, async () => 'done')).toBe('done');
    expect(tracing.startActiveSpan).toHaveBeenCalledWith(
      'dataset-migrations.stage',
      {
        attributes: {
          'dataset_migrations.stage': 'transform',
          'dataset_migrations.migration_id': 'm',
          'dataset_migrations.dataset_ref': 'resource:default/flights',
        },
      },
      expect.any(Function),
    );
  });
});

describe('observeQueue', () => {
  function observe(read: () => Promise<QueueSnapshot>) {
    const callbacks = new Map<string, (result: any) => unknown>();
    const stop = observeQueue({
      metrics: metricsServiceMock.mock({
        createObservableGauge: name => ({
          addCallback: callback => void callbacks.set(name, callback),
          removeCallback: () => void callbacks.delete(name),
        }),
      }),
      logger: mockServices.rootLogger(),
      read,
    });
    const collect = async () => {
      const values: Record<string, number> = {};
      for (const [name, callback] of callbacks) {
        await callback({ observe: (value: number) => (values[name] = value) });
      }
      return values;
    };
    return { collect, stop };
  }

  it('reads the queue once for all gauges, and again only when that is stale', async () => {
    let reads = 0;
    const { collect, stop } = observe(async () => {
      reads += 1;
      return {
        depth: 5,
        eligibleBacklog: 3,
        oldestAgeSeconds: 1.5,
        running: 2,
        failed: 1,
        workersAlive: 4,
      };
    });
    expect(await collect()).toEqual({
      'dataset_migrations.queue.depth': 5,
      'dataset_migrations.backlog.eligible': 3,
      'dataset_migrations.queue.oldest_age': 1.5,
      'dataset_migrations.workers.alive': 4,
    });
    await collect();
    expect(reads).toBe(1);
    stop();
    expect(await collect()).toEqual({});
  });

  it('leaves gauges out when the database does not answer', async () => {
    const { collect } = observe(async () => {
      throw new Error('connection refused');
    });
    expect(await collect()).toEqual({});
  });
});

describe('Workers', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    await openDatabase(mockServices.database({ knex }));
  });

  it('lists those that were heard of lately, and forgets the others', async () => {
    const workers = new Workers({ knex, logger: mockServices.rootLogger() });
    await knex('workers').insert(
      ['1 hour', '2 days'].map(ago => ({
        id: `seen ${ago} ago`,
        hostname: 'h',
        pid: 1,
        slots: 1,
        last_seen_at: knex.raw('now() - ?::interval', [ago]),
      })),
    );
    workers.setRunning(2);
    let engines = ['memory', 'files'];
    await workers.start({ id: 'me', slots: 4, engines: () => engines });
    expect(await workers.alive()).toMatchObject([
      {
        id: 'me',
        pid: process.pid,
        slots: 4,
        running: 2,
        state: 'working',
        engines: ['memory', 'files'],
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      },
    ]);
    expect(await knex('workers').pluck('id')).toEqual(
      expect.arrayContaining(['me', 'seen 1 hour ago']),
    );
    expect(await knex('workers').pluck('id')).toHaveLength(2);

    engines = ['memory'];
    await workers.drain();
    expect(await workers.alive()).toMatchObject([
      { state: 'draining', engines: ['memory'] },
    ]);

    await workers.stop();
    expect(await workers.alive()).toEqual([]);
  });

  it('lists a worker of an earlier release, which tells less', async () => {
    const workers = new Workers({ knex, logger: mockServices.rootLogger() });
    await knex('workers').insert({
      id: 'old',
      hostname: 'h',
      pid: 1,
      slots: 2,
    });
    const [old] = await workers.alive();
    expect(old).toMatchObject({ id: 'old', state: 'working' });
    expect(old.engines).toBeUndefined();
    expect(old.version).toBeUndefined();
    await knex('workers').delete();
  });
});
