import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { Migration } from '@skein/backstage-plugin-dataset-migrations-common';
import { aMigration, FakeBackend } from '../__testUtils__/FakeBackend';
import { TaskState, taskContext } from '../__testUtils__/taskContext';
import { createMigrateAction } from './createMigrateAction';

const flights = { dataset: 'flights', targetVersion: '2.0.0' };

const blockedBy: Migration['consumers'] = [
  {
    consumer: { entityRef: 'component:default/board', source: 'declared' },
    verdict: 'breaks',
    reasons: ['reads `delay`, renamed to `arrival_delay`'],
    touchedBy: [],
    blocking: true,
  },
  {
    consumer: { entityRef: 'component:default/report', source: 'declared' },
    verdict: 'ready',
    reasons: [],
    touchedBy: [],
    blocking: false,
  },
];

describe('dataset:migrate', () => {
  let backend: FakeBackend;

  beforeEach(async () => {
    backend = await FakeBackend.start();
  });
  afterEach(() => backend.stop());

  const action = () =>
    createMigrateAction({
      api: backend.api(),
      auth: mockServices.auth({ pluginId: 'scaffolder' }),
      config: mockServices.rootConfig({
        data: { app: { baseUrl: 'https://portal.example.org/' } },
      }),
      intervals: { shortest: 1, longest: 2 },
    });

  it('starts a migration as the user and ends without waiting', async () => {
    const { ctx, outputs } = taskContext(flights);
    await action().handler(ctx);

    const [start] = backend.requests;
    expect(start.route).toBe('POST /migrations');
    expect(start.body).toEqual({
      datasetRef: 'resource:default/flights',
      targetVersion: '2.0.0',
      policy: 'switch',
    });
    expect(start.caller).toContain(
      mockCredentials.user().principal.userEntityRef,
    );
    expect(outputs).toEqual({
      migrationId: '0',
      state: 'queued',
      url: 'https://portal.example.org/dataset-migrations/migrations/0',
      changes: [],
      blockedConsumers: [],
    });
  });

  it('reports stages and rows until the migration has succeeded', async () => {
    const at = (second: number) => new Date(second * 1000).toISOString();
    const transform = {
      stage: 'transform' as const,
      state: 'succeeded' as const,
      startedAt: at(0),
      finishedAt: at(4),
      attempts: 1,
    };
    backend.willRun(
      { state: 'queued' },
      {
        state: 'running',
        stage: 'transform',
        progress: {
          rowsDone: 1_500_000,
          rowsTotal: 3_000_000,
          chunksDone: 1,
          rowsPerSecond: 750_000,
          secondsLeft: 2,
        },
      },
      { state: 'running', stage: 'verify', stages: [transform] },
      { state: 'succeeded', stages: [transform] },
    );
    const { ctx, outputs, lines } = taskContext({ ...flights, wait: true });
    await action().handler(ctx);

    expect(outputs.state).toBe('succeeded');
    expect(lines()).toContain(
      'transform: 1,500,000 of 3,000,000 rows, 750,000 rows/s, 2 s left',
    );
    expect(
      lines().filter(line => line === 'transform: succeeded after 4.0 s'),
    ).toHaveLength(1);
  });

  it('watches as the scaffolder, whose token can be renewed', async () => {
    backend.willRun({ state: 'running' }, { state: 'succeeded' });
    const { ctx } = taskContext({ ...flights, wait: true });
    await action().handler(ctx);

    const looks = backend.requests.filter(({ route }) =>
      route.startsWith('GET'),
    );
    expect(looks.length).toBeGreaterThan(1);
    for (const { caller } of looks) {
      expect(caller).toContain('plugin:scaffolder');
      expect(caller).not.toContain('user:');
    }
  });

  it('outlives a backend that is away for a while', async () => {
    backend.willRun({ state: 'running' }, 503, 502, { state: 'succeeded' });
    const { ctx, outputs, lines } = taskContext({ ...flights, wait: true });
    await action().handler(ctx);
    expect(outputs.state).toBe('succeeded');
    expect(
      lines().filter(line => line.includes('does not answer')),
    ).toHaveLength(1);
  });

  it('gives up where asking again would not help', async () => {
    backend.willRun({ state: 'running' }, 403);
    const { ctx } = taskContext({ ...flights, wait: true });
    await expect(action().handler(ctx)).rejects.toThrow('Failed with 403');
  });

  it('fails with the error of a failed migration', async () => {
    backend.willRun(
      { state: 'running' },
      {
        state: 'failed',
        error: {
          name: 'InputError',
          stage: 'validate',
          message: "'abc' is no integer",
        },
      },
    );
    const { ctx } = taskContext({ ...flights, wait: true });
    await expect(action().handler(ctx)).rejects.toThrow(
      "Migration 0 failed in validate: 'abc' is no integer",
    );
  });

  it('names the consumers that block, and leaves the migration blocked', async () => {
    backend.willRun({}, { state: 'blocked', consumers: blockedBy });
    const { ctx, outputs } = taskContext({ ...flights, wait: true });
    await expect(action().handler(ctx)).rejects.toThrow(
      'component:default/board (breaks): reads `delay`, renamed to `arrival_delay`',
    );
    expect(outputs.blockedConsumers).toEqual([
      expect.objectContaining({ entityRef: 'component:default/board' }),
    ]);
    expect(backend.routes()).not.toContain('POST /migrations/0/cancel');
  });

  it('lets the template go on when it expects to be blocked', async () => {
    backend.willRun({}, { state: 'blocked', consumers: blockedBy });
    const { ctx, outputs } = taskContext({
      ...flights,
      wait: true,
      whenBlocked: 'continue',
    });
    await action().handler(ctx);
    expect(outputs.state).toBe('blocked');
  });

  it('leaves the migration running when its time is over', async () => {
    backend.willRun({ state: 'running' });
    const { ctx } = taskContext({ ...flights, wait: true, timeout: {} });
    await expect(action().handler(ctx)).rejects.toThrow('it goes on');
    expect(backend.routes()).not.toContain('POST /migrations/0/cancel');
  });

  it('does not adopt a migration that somebody else has started', async () => {
    backend.conflict = "Migration 7 of 'resource:default/flights' is active";
    const { ctx } = taskContext({ ...flights, wait: true });
    await expect(action().handler(ctx)).rejects.toThrow(backend.conflict);
    expect(backend.routes()).toEqual(['POST /migrations']);
  });

  describe('when the task is cancelled', () => {
    it('cancels the migration as the user', async () => {
      const controller = new AbortController();
      backend.willRun({ state: 'running' });
      backend.onRequest = ({ route }) => {
        if (route === 'GET /migrations/0') controller.abort();
      };
      const { ctx } = taskContext(
        { ...flights, wait: true },
        { signal: controller.signal },
      );
      await expect(action().handler(ctx)).rejects.toThrow('was cancelled');
      const cancel = backend.requests[backend.requests.length - 1];
      expect(cancel.route).toBe('POST /migrations/0/cancel');
      expect(cancel.caller).toContain('user:default/mock');
    });

    it('does so also when that happens during the start', async () => {
      const controller = new AbortController();
      backend.willRun({ state: 'running' });
      backend.onRequest = () => controller.abort();
      const { ctx } = taskContext(
        { ...flights, wait: true },
        { signal: controller.signal },
      );
      await expect(action().handler(ctx)).rejects.toThrow('was cancelled');
      expect(backend.routes()).toContain('POST /migrations/0/cancel');
    });
  });

  describe('when the task runs again', () => {
    const run = async (state: TaskState) => {
      const task = taskContext({ ...flights, wait: true }, { state });
      await action()
        .handler(task.ctx)
        .catch(() => {});
      return task;
    };
    const starts = () =>
      backend.requests.filter(({ route }) => route === 'POST /migrations');

    it('goes on with its migration and does not tell a stage twice', async () => {
      const lock = {
        stage: 'lock' as const,
        state: 'succeeded' as const,
        finishedAt: '2026-01-01T00:00:00.000Z',
        attempts: 1,
      };
      backend.willRun(
        { state: 'running' },
        { state: 'running', stages: [lock] },
        403,
        {
          state: 'succeeded',
          stages: [lock],
        },
      );
      const state: TaskState = new Map();
      const first = await run(state);
      const second = await run(state);
      expect(starts()).toHaveLength(1);
      expect(first.lines()).toContain('lock: succeeded');
      expect(second.lines()).not.toContain('lock: succeeded');
      expect(second.outputs.state).toBe('succeeded');
    });

    it('finds its migration by the idempotency key if no checkpoint was written', async () => {
      backend.willRun({ state: 'succeeded' });
      await run(new Map());
      const { outputs } = await run(new Map());
      expect(outputs.migrationId).toBe('0');
      const [first, second] = starts();
      expect(first.idempotencyKey).toBe(second.idempotencyKey);
    });

    it('retries what failed', async () => {
      backend.willRun(
        { state: 'running' },
        { state: 'failed' },
        { state: 'failed' },
        { state: 'succeeded' },
      );
      const state: TaskState = new Map();
      await run(state);
      const { outputs } = await run(state);
      expect(backend.routes()).toContain('POST /migrations/0/retry');
      expect(outputs.state).toBe('succeeded');
      expect(starts()).toHaveLength(1);
    });

    it('starts anew after a cancellation', async () => {
      backend.willRun({ state: 'running' }, { state: 'cancelled' });
      backend.willRun({ state: 'succeeded' });
      const state: TaskState = new Map();
      await run(state);
      const { outputs } = await run(state);
      expect(outputs.migrationId).toBe('1');
      const [first, second] = starts();
      expect(first.idempotencyKey).not.toBe(second.idempotencyKey);
    });
  });

  it('uses another idempotency key for every dataset of an `each`', async () => {
    const one = taskContext(flights);
    const other = taskContext({ ...flights, dataset: 'zipcodes' });
    await action().handler(one.ctx);
    await action().handler(other.ctx);
    const keys = backend.requests.map(request => request.idempotencyKey);
    expect(new Set(keys.filter(Boolean)).size).toBe(2);
  });

  it('prints the plan in a dry run and starts nothing', async () => {
    const { consumers, changes } = aMigration({
      consumers: blockedBy,
      changes: [
        {
          kind: 'field-renamed',
          from: 'delay',
          to: 'arrival_delay',
          effect: 'breaking',
          summary: 'renamed to `arrival_delay`',
        },
      ],
    });
    backend.plan = {
      datasetRef: 'resource:default/flights',
      fromVersion: '1.0.0',
      toVersion: '2.0.0',
      steps: [],
      stepsFrom: 'document',
      changes,
      source: [],
      target: [],
      breaking: true,
      requiredBump: 'major',
      rollbackSeconds: 604_800,
      consumers,
      blockingCount: 1,
      enginePlan: {
        engine: 'duckdb',
        strategy: 'shadow-copy',
        rows: 3_000_000,
        notes: [],
        refusals: [],
      },
      proposedPolicy: 'coexist',
    };
    const { ctx, outputs, lines } = taskContext(flights, { isDryRun: true });
    await action().handler(ctx);
    expect(backend.routes()).toEqual([
      'POST /datasets/resource/default/flights/plan',
    ]);
    expect(backend.requests[0].body).toEqual({
      targetVersion: '2.0.0',
      policy: 'switch',
    });
    expect(lines().join()).toContain('- delay: renamed to `arrival_delay`');
    expect(outputs).toMatchObject({
      state: 'planned',
      url: 'https://portal.example.org/dataset-migrations/migrate/resource/default/flights?version=2.0.0',
      blockedConsumers: [{ entityRef: 'component:default/board' }],
    });
  });

  it('G10: refuses text that is no entity ref, naming it', async () => {
    const { ctx } = taskContext({ ...flights, dataset: 'resource:default/' });
    await expect(action().handler(ctx)).rejects.toThrow(
      "not 'resource:default/'",
    );
    expect(backend.requests).toEqual([]);
  });
});
