import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { Campaign } from '@skein/backstage-plugin-dataset-migrations-common';
import { CampaignLook, FakeBackend } from '../__testUtils__/FakeBackend';
import { TaskState, taskContext } from '../__testUtils__/taskContext';
import { createCampaignAction } from './createCampaignAction';

const input = {
  title: 'All to 2.x',
  selection: { query: { owner: 'group:default/flight-data' } },
  targetVersion: '2.x',
};

/** Where a look finds a campaign. */
const at = (
  state: Campaign['state'],
  counts: Partial<Campaign['counts']> = {},
  more: Partial<Campaign> = {},
): CampaignLook => ({
  state,
  counts: counts as Campaign['counts'],
  total: 3,
  ...more,
});

const dryRun: Campaign['dryRun'] = {
  breaking: 1,
  verdicts: { ready: 4, breaks: 1, unknown: 0 },
  metadataOnly: 2,
  rows: 3_000_000,
  bytes: 0,
  cycles: [['resource:default/a', 'resource:default/b', 'resource:default/a']],
};

describe('dataset:campaign', () => {
  let backend: FakeBackend;

  beforeEach(async () => {
    backend = await FakeBackend.start();
  });
  afterEach(() => backend.stop());

  const action = () =>
    createCampaignAction({
      api: backend.api(),
      auth: mockServices.auth({ pluginId: 'scaffolder' }),
      config: mockServices.rootConfig({
        data: { app: { baseUrl: 'https://portal.example.org/' } },
      }),
      intervals: { shortest: 1, longest: 2 },
    });

  async function run(
    more: {} = {},
    options: Parameters<typeof taskContext>[1] = {},
  ) {
    const task = taskContext({ ...input, ...more }, options);
    let error: Error | undefined;
    await action()
      .handler(task.ctx)
      .catch(thrown => (error = thrown));
    return { ...task, error };
  }

  const created = () =>
    backend.requests.filter(({ route }) => route === 'POST /campaigns');

  it('creates a campaign as the user and ends without waiting', async () => {
    const { outputs, error } = await run();
    expect(error).toBeUndefined();
    const [create] = backend.requests;
    expect(create.route).toBe('POST /campaigns');
    expect(create.body).toEqual({ ...input, autoStart: false });
    expect(create.caller).toContain(
      mockCredentials.user().principal.userEntityRef,
    );
    expect(outputs).toMatchObject({
      campaignId: '0',
      state: 'planning',
      url: 'https://portal.example.org/dataset-migrations/campaigns/0',
    });
  });

  it('waits for the dry run where nobody starts it, and says what it found', async () => {
    backend.willCampaign(
      at('planning', { pending: 3 }),
      at('planned', { waiting: 2, excluded: 1 }, { dryRun }),
    );
    const { outputs, error, lines } = await run({ wait: true });
    expect(error).toBeUndefined();
    expect(outputs).toMatchObject({
      state: 'planned',
      total: 3,
      breaking: 1,
      counts: { waiting: 2, excluded: 1 },
    });
    const log = lines().join('\n');
    expect(log).toContain('Dry run of 3 datasets: 2 waiting, 1 excluded');
    expect(log).toContain('about 3,000,000 rows');
    expect(log).toContain(
      'they depend on each other: resource:default/a → resource:default/b',
    );
  });

  it('reports until the campaign has finished, watching as the scaffolder', async () => {
    backend.willCampaign(
      at('planning', { pending: 3 }),
      at('running', { waiting: 2, active: 1 }),
      503,
      at('running', { active: 1, succeeded: 2 }),
      at('finished', { succeeded: 3 }),
    );
    const { outputs, error, lines } = await run({ start: true, wait: true });
    expect(error).toBeUndefined();
    expect(created()[0].body).toMatchObject({ autoStart: true });
    expect(outputs).toMatchObject({ state: 'finished' });
    expect(lines()).toContain('running: 1 active, 2 succeeded');
    for (const { route, caller } of backend.requests) {
      expect(caller.includes('user:')).toBe(route.startsWith('POST'));
    }
  });

  it.each([
    [
      'a dataset failed',
      at('finished', { succeeded: 2, failed: 1 }),
      'is finished (2 succeeded, 1 failed)',
    ],
    [
      'it pauses by itself',
      at('paused', { failed: 1 }, { reason: 'Too many failures' }),
      'is paused: Too many failures',
    ],
    [
      'its datasets cannot be selected',
      at('failed', {}, { reason: 'No such filter' }),
      'is failed: No such filter',
    ],
    [
      'the rest is blocked',
      at('running', { succeeded: 2, blocked: 1 }),
      '1 of 3 datasets are blocked by their consumers',
    ],
  ])('fails when %s', async (_what, look, message) => {
    backend.willCampaign(at('running', { active: 1 }), look);
    const { outputs, error } = await run({ start: true, wait: true });
    expect(error?.message).toContain(message);
    expect(outputs.campaignId).toBe('0');
    expect(backend.routes()).not.toContain('POST /campaigns/0/cancel');
  });

  it('lets the template go on when it expects to be blocked', async () => {
    backend.willCampaign(at('running', { blocked: 1 }));
    const { outputs, error } = await run({
      start: true,
      wait: true,
      whenBlocked: 'continue',
    });
    expect(error).toBeUndefined();
    expect(outputs).toMatchObject({ state: 'running', counts: { blocked: 1 } });
  });

  it('leaves the campaign running when its time is over', async () => {
    backend.willCampaign(at('running', { active: 1 }));
    const { error } = await run({ start: true, wait: true, timeout: {} });
    expect(error?.message).toContain('it goes on');
    expect(backend.routes()).not.toContain('POST /campaigns/0/cancel');
  });

  it('cancels the campaign as the user when the task is cancelled', async () => {
    const controller = new AbortController();
    backend.willCampaign(at('running', { active: 1 }));
    backend.onRequest = ({ route }) => {
      if (route === 'GET /campaigns/0') controller.abort();
    };
    const { error } = await run(
      { start: true, wait: true },
      { signal: controller.signal },
    );
    expect(error?.message).toBe('The task was cancelled');
    const cancel = backend.requests[backend.requests.length - 1];
    expect(cancel.route).toBe('POST /campaigns/0/cancel');
    expect(cancel.caller).toContain('user:default/mock');
  });

  describe('when the task runs again', () => {
    const again = { start: true, wait: true };

    it('goes on with its campaign, and tries again what failed', async () => {
      const failed = at('finished', { succeeded: 2, failed: 1 });
      backend.willCampaign(
        at('running', { active: 3 }),
        failed,
        failed,
        at('running', { active: 1, succeeded: 2 }),
        at('finished', { succeeded: 3 }),
      );
      const state: TaskState = new Map();
      expect((await run(again, { state })).error).toBeDefined();
      expect((await run(again, { state })).error).toBeUndefined();
      expect(created()).toHaveLength(1);
      expect(backend.routes()).toContain('POST /campaigns/0/retry-failed');
    });

    it('finds its campaign by the idempotency key if no checkpoint was written', async () => {
      backend.willCampaign(at('finished', { succeeded: 3 }));
      await run(again);
      expect((await run(again)).outputs.campaignId).toBe('0');
      const [first, second] = created();
      expect(first.idempotencyKey).toBe(second.idempotencyKey);
    });

    it('creates another one after a cancellation', async () => {
      backend.willCampaign(at('cancelled'));
      backend.willCampaign(at('finished', { succeeded: 3 }));
      const state: TaskState = new Map();
      await run(again, { state });
      expect((await run(again, { state })).outputs.campaignId).toBe('1');
    });
  });

  it('creates nothing in a dry run', async () => {
    const { outputs, lines } = await run({}, { isDryRun: true });
    expect(backend.requests).toEqual([]);
    expect(outputs.state).toBe('dry-run');
    expect(lines().join()).toContain("Would create the campaign 'All to 2.x'");
  });
});
