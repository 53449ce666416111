import { TestDatabases } from '@backstage/backend-test-utils';
import { InputError, ResponseError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import {
  Campaign,
  CampaignDataset,
  CampaignState,
  CreateCampaignRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { poll } from '../__testUtils__/poll';
import {
  component,
  contractText,
  dataset,
  startBackend,
  TestBackend,
} from '../__testUtils__/testBackend';

jest.setTimeout(180_000);

/** Of the test that runs: what one did to a dataset must not matter to the next. */
let round = 0;
const ref = (name: string) => `resource:default/r${round}-${name}`;

/** Versions that break nobody: others depend on it without saying what they read. */
const additive = {
  contracts: [
    contractText('1.0.0', 'delay'),
    `${contractText('1.1.0', 'delay', 'proposed')}
      - { id: f3, name: carrier, logicalType: string }`,
  ],
};

/** A window that is closed now, and opens in some hours. */
function closedWindow() {
  const inHours = (hours: number) =>
    new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
  return { from: inHours(3), to: inHours(4), timeZone: 'UTC' };
}

describe('campaigns', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let backend: TestBackend;

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    backend = await startBackend({ knex });
  });

  beforeEach(() => {
    round += 1;
  });

  afterAll(async () => {
    await backend.stop();
  });

  const campaigns = (user = 'grace') => backend.as(user).campaigns;

  /** Makes these the datasets of the catalog, each with some rows. */
  async function publish(
    specs: Record<string, JsonObject & { owner?: string }>,
    ...others: Parameters<typeof backend.publish>[0]
  ): Promise<void> {
    const names = Object.keys(specs);
    for (const name of names) {
      backend.engine.of(ref(name)).write(() => [{ id: '1', delay: '5' }]);
    }
    await backend.publish([
      ...names.map(name =>
        dataset(`r${round}-${name}`, specs[name], specs[name].owner),
      ),
      ...others,
    ]);
  }

  function create(
    request: Partial<CreateCampaignRequest> = {},
  ): Promise<Campaign> {
    return campaigns().create({
      title: 'All of them',
      selection: { query: {} },
      ...request,
    });
  }

  function until(id: string, state: CampaignState): Promise<Campaign> {
    let last: Campaign | undefined;
    return poll(
      () => `the campaign to be ${state}: ${JSON.stringify(last)}`,
      async () => {
        last = await campaigns().get(id);
        return last.state === state && last;
      },
    );
  }

  async function datasetsOf(
    id: string,
  ): Promise<Record<string, CampaignDataset>> {
    const { items } = await campaigns().listDatasets(id);
    return Object.fromEntries(
      items.map(item => [item.datasetRef.split(`r${round}-`)[1], item]),
    );
  }

  const fails = (name: string, error?: Error) => {
    backend.engine.of(ref(name)).before = method => {
      if (error && method === 'copyChunk') throw error;
    };
  };

  it('plans first, starts when told to, and keeps the order of lineage', async () => {
    await publish(
      {
        raw: additive,
        clean: { ...additive, dependsOn: [ref('raw')] },
        report: { dependsOn: ['component:default/job'] },
        'in-circle': { dependsOn: [ref('round')] },
        round: { dependsOn: [ref('in-circle')] },
        single: { contracts: [contractText('1.0.0', 'delay')] },
      },
      component('job', { dependsOn: [ref('clean')] }),
      component('reader', {
        consumesDatasets: [
          { dataset: ref('report'), version: '^1.0.0', fields: ['delay'] },
        ],
      }),
    );
    const { id, state } = await create({
      selection: {
        datasets: [
          ...['raw', 'clean', 'report', 'in-circle', 'round', 'single'],
          'gone',
        ].map(ref),
      },
    });
    expect(state).toBe('planning');

    const planned = await until(id, 'planned');
    expect(planned).toMatchObject({
      total: 7,
      counts: { waiting: 3, excluded: 4 },
      actions: ['start', 'cancel'],
      dryRun: {
        breaking: 1,
        verdicts: { ready: 0, breaks: 1, unknown: 2 },
        cycles: [[ref('in-circle'), ref('round')]],
      },
    });
    const plans = await datasetsOf(id);
    expect(plans).toMatchObject({
      raw: { level: 0, fromVersion: '1.0.0', toVersion: '1.1.0' },
      clean: { level: 1, upstreams: [ref('raw')] },
      report: { breaking: true, blockedBy: ['component:default/reader'] },
      round: {
        reason: `It depends on itself: ${ref('in-circle')} → ${ref(
          'round',
        )} → ${ref('in-circle')}`,
      },
      single: { reason: 'It is at version 1.0.0, and has no next version' },
      gone: { reason: expect.stringContaining('There is no dataset') },
    });
    const csv = await campaigns().getDatasetsCsv(id);
    expect(csv.split('\r\n')).toHaveLength(9);
    expect(csv).toContain(`${ref('raw')},The r${round}-raw,`);
    expect(
      (await backend.as('grace').listMigrations({ campaignId: id })).totalItems,
    ).toBe(0);

    await campaigns().act(id, 'start');
    await poll('the blocked one', async () => {
      const { counts } = await campaigns().get(id);
      return counts.succeeded === 2 && counts.blocked + counts.waiting === 1;
    });
    const { items } = await backend
      .as('grace')
      .listMigrations({ campaignId: id });
    const started = new Map(
      items.map(item => [item.datasetRef, item.createdAt]),
    );
    const ended = new Map(
      items.map(item => [item.datasetRef, item.finishedAt]),
    );
    expect(started.get(ref('clean'))! > ended.get(ref('raw'))!).toBe(true);
    expect(backend.audits.splice(0).map(audit => audit.eventId)).toEqual([
      'campaign-create',
      'campaign-start',
    ]);
  });

  it('plans with what is accepted of the changes of each dataset', async () => {
    const names = ['accepted', 'other'];
    await publish(
      Object.fromEntries(names.map(name => [name, {}])),
      component('reader', {
        consumesDatasets: names.map(name => ({
          dataset: ref(name),
          version: '^1.0.0',
          fields: ['delay'],
        })),
      }),
    );
    const grace = backend.as('grace');
    await grace.acceptChange(ref('accepted'), {
      targetVersion: '2.0.0',
      rule: 'field-renamed',
      field: 'delay',
      summary: 'renamed to `arrival_delay`',
      reason: 'it reads by position',
    });
    const { id } = await create({ policy: 'proposed' });
    expect((await until(id, 'planned')).dryRun).toMatchObject({
      breaking: 1,
      verdicts: { ready: 1, breaks: 1, unknown: 0 },
    });
    expect(await datasetsOf(id)).toMatchObject({
      accepted: { policy: 'switch', blockedBy: [] },
      other: { policy: 'coexist', blockedBy: ['component:default/reader'] },
    });
    await campaigns().act(id, 'cancel');
    backend.audits.splice(0);
  });

  it('G1: starts no more than its limits, and nothing while it is paused', async () => {
    const names = Array.from({ length: 9 }, (_, i) => `d${i}`);
    await publish(Object.fromEntries(names.map(name => [name, {}])));
    let release = () => {};
    const released = new Promise<void>(resolve => (release = resolve));
    for (const name of names) {
      backend.engine.of(ref(name)).before = method =>
        method === 'copyChunk' ? released : undefined;
    }
    const { id } = await create({
      autoStart: true,
      limits: { maxInFlight: 4, batchSize: 2, maxInFlightPerOwner: 3 },
    });
    await poll('three in flight', async () => {
      const { counts } = await campaigns().get(id);
      expect(counts.active).toBeLessThanOrEqual(3);
      return counts.active === 3;
    });
    await campaigns().act(id, 'pause');
    release();
    await poll('them to end', async () => {
      const { counts } = await campaigns().get(id);
      return counts.succeeded === 3 && counts.active === 0;
    });
    expect((await campaigns().get(id)).actions).toEqual(['resume', 'cancel']);
    await campaigns().act(id, 'resume');
    const done = await until(id, 'finished');
    expect(done.counts.succeeded).toBe(9);
    expect(done.events[0].message).toBe('Finished: 9 succeeded');
    const { items } = await backend
      .as('grace')
      .listMigrations({ campaignId: id, limit: 100 });
    expect(new Set(items.map(item => item.datasetRef)).size).toBe(9);
    expect(items).toHaveLength(9);
  });

  it('goes round what fails, skips what depends on it, and tries again', async () => {
    await publish({
      poisoned: additive,
      below: { ...additive, dependsOn: [ref('poisoned')] },
      farther: { dependsOn: [ref('below')] },
      other: {},
    });
    fails('poisoned', new InputError("The value 'abc' of row 7 is no integer"));
    const { id } = await create({ autoStart: true, timeoutMinutes: 60 });
    const failed = await until(id, 'finished');
    expect(failed.counts).toMatchObject({
      succeeded: 1,
      failed: 1,
      skipped: 2,
    });
    expect(await datasetsOf(id)).toMatchObject({
      poisoned: { state: 'failed', reason: expect.stringContaining('row 7') },
      farther: {
        state: 'skipped',
        reason: `It depends on ${ref('poisoned')}, which did not succeed`,
      },
    });
    expect(
      (await backend.as('grace').listFailures({ campaignId: id })).items,
    ).toEqual([
      {
        state: 'failed',
        stage: 'transform',
        name: 'InputError',
        cause: 'The value … of row … is no integer',
        count: 1,
        latest: [expect.objectContaining({ datasetRef: ref('poisoned') })],
      },
    ]);

    fails('poisoned');
    const [startedAt] = await knex
      .withSchema('dataset-migrations')
      .from('campaign_datasets')
      .where({ campaign_id: id, dataset_ref: ref('poisoned') })
      .update({ started_at: knex.raw(`now() - interval '61 minutes'`) })
      .returning('started_at');
    await campaigns().act(id, 'retry-failed');
    const mended = await until(id, 'finished');
    expect(mended.counts).toMatchObject({
      succeeded: 4,
      failed: 0,
      skipped: 0,
    });
    // Its time began anew, or it would have been over at once.
    const { poisoned } = await datasetsOf(id);
    expect(Date.parse(poisoned.startedAt!)).toBeGreaterThan(
      startedAt.started_at.getTime(),
    );
  });

  it('stops by itself, and goes on when a person lets the failures through', async () => {
    const names = Array.from({ length: 6 }, (_, i) => `d${i}`);
    await publish(Object.fromEntries(names.map(name => [name, {}])));
    fails('d0', new InputError('no'));
    fails('d1', new InputError('no'));
    const { id } = await create({
      autoStart: true,
      waves: { canary: 2, shares: [0.5], maxFailureRate: 0.4 },
    });
    const paused = await until(id, 'paused');
    expect(paused).toMatchObject({
      reason: '100 % of wave 1 failed; allowed are 40 %',
      wave: { current: 1, count: 3 },
      counts: { failed: 2, waiting: 4 },
    });
    await campaigns().act(id, 'resume');
    const done = await until(id, 'finished');
    expect(done.counts).toMatchObject({ failed: 2, succeeded: 4 });

    fails('d2', new InputError('no'));
    const { id: second } = await create({
      title: 'Once more',
      autoStart: true,
      selection: { query: { status: 'upgradable' } },
      limits: { maxInFlight: 1 },
      stop: { failures: 1 },
    });
    expect((await until(second, 'paused')).reason).toBe(
      '1 migrations failed; it stops at 1',
    );
  });

  it('waits for windows, and holds nobody else back', async () => {
    await publish({
      'at-night': { migrationWindows: [closedWindow()] },
      wrong: { migrationWindows: [{ from: '25:00' }] },
      free: {},
    });
    const { id } = await create({ autoStart: true });
    await poll('the free one', async () => {
      const { free, 'at-night': closed } = await datasetsOf(id);
      return (
        free?.state === 'succeeded' &&
        closed.reason === "Waits for its owner's window"
      );
    });
    const { state, counts } = await campaigns().get(id);
    expect({ state, counts }).toMatchObject({
      state: 'running',
      counts: { waiting: 1, excluded: 1, succeeded: 1 },
    });
    expect((await datasetsOf(id)).wrong.reason).toContain(
      'spec.migrationWindows[0]',
    );

    const { id: later } = await create({
      title: 'At night',
      autoStart: true,
      windows: [closedWindow()],
    });
    const closed = await poll('it to see the window', async () => {
      const campaign = await campaigns().get(later);
      return campaign.opensAt !== undefined && campaign;
    });
    expect(closed.counts.active).toBe(0);
    await campaigns().act(later, 'cancel');
    await until(later, 'cancelled');
  });

  it('cancels what waits, what runs and what takes too long', async () => {
    await publish({
      slow: additive,
      fast: {},
      last: { dependsOn: [ref('slow')] },
    });
    let entered = 0;
    backend.engine.of(ref('slow')).before = async (method, run) => {
      if (method === 'copyChunk') {
        entered += 1;
        await new Promise((_, reject) =>
          run!.signal.addEventListener('abort', () =>
            reject(run!.signal.reason),
          ),
        );
      }
    };
    const { id } = await create({ autoStart: true, timeoutMinutes: 5 });
    await poll('the slow one to run', () => entered > 0);
    const sixMinutesAgo = knex.raw(`now() - interval '6 minutes'`);
    await knex
      .withSchema('dataset-migrations')
      .from('campaign_datasets')
      .where({ dataset_ref: ref('slow') })
      .update({ started_at: sixMinutesAgo });
    expect((await datasetsOf(id)).slow.state).toBe('active');
    await knex
      .withSchema('dataset-migrations')
      .from('migrations')
      .where({ dataset_ref: ref('slow') })
      .update({ started_at: sixMinutesAgo });
    const done = await until(id, 'finished');
    expect(done.counts).toMatchObject({ succeeded: 1, failed: 1, skipped: 1 });
    expect((await datasetsOf(id)).slow).toMatchObject({
      state: 'failed',
      reason: 'It took longer than 5 minutes',
    });

    entered = 0;
    await campaigns().act(id, 'retry-failed');
    await poll('the slow one to run again', () => entered > 0);
    await campaigns().act(id, 'cancel');
    const cancelled = await until(id, 'cancelled');
    expect(cancelled.counts).toMatchObject({ succeeded: 1, cancelled: 2 });
  });

  describe('the API', () => {
    async function refused(call: Promise<unknown>): Promise<[number, string]> {
      try {
        await call;
      } catch (error) {
        const { statusCode, body } = error as ResponseError;
        return [statusCode, body.error.message];
      }
      throw new Error('It was not refused');
    }

    it('gives the same campaign for the same key, and pages', async () => {
      await publish({ a: {}, b: {}, c: {} });
      const idempotencyKey = randomUUID();
      const request = {
        title: 'Twice',
        selection: { filter: { 'spec.owner': ['group:default/flight-data'] } },
      };
      const [one, two] = await Promise.all(
        [1, 2].map(() => campaigns().create(request, { idempotencyKey })),
      );
      expect(two.id).toBe(one.id);
      expect(
        await refused(
          campaigns().create(
            { ...request, title: 'Other' },
            { idempotencyKey },
          ),
        ),
      ).toEqual([409, expect.stringContaining('used for another request')]);
      await until(one.id, 'planned');

      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await campaigns().listDatasets(one.id, {
          limit: 2,
          cursor,
        });
        seen.push(...page.items.map(item => item.datasetRef));
        expect(page.totalItems).toBe(3);
        cursor = page.nextCursor;
      } while (cursor);
      expect(seen).toEqual(['a', 'b', 'c'].map(ref));
      expect((await campaigns().list()).items[0]).toMatchObject({
        id: one.id,
        total: 3,
      });
      const { items } = await campaigns().list({ state: ['running'] });
      expect(items.map(({ id }) => id)).not.toContain(one.id);
    });

    it('asks for permissions, of campaigns and of datasets', async () => {
      await publish({
        a: {},
        his: { owner: 'group:default/geo-data', dependsOn: [ref('a')] },
      });
      expect(
        await refused(
          campaigns('amelia').create({ title: 'No', selection: { query: {} } }),
        ),
      ).toEqual([403, "The permission 'dataset.campaign.manage' is needed"]);
      const { id } = await create({
        selection: { datasets: [ref('a'), ref('his')] },
      });
      await until(id, 'planned');
      expect((await campaigns('amelia').get(id)).actions).toEqual([]);
      expect((await refused(campaigns('amelia').act(id, 'start')))[0]).toBe(
        403,
      );
      const seen = await campaigns('carl').get(id);
      expect(seen.selection).toEqual({ datasets: [ref('his')] });
      const { items } = await campaigns('carl').listDatasets(id);
      expect(items).toEqual([
        expect.objectContaining({ datasetRef: ref('his'), upstreams: [] }),
      ]);
      expect(await campaigns('carl').getDatasetsCsv(id)).not.toContain(
        ref('a'),
      );
    });

    it.each<[string, object]>([
      ['selection must NOT have fewer than 1', { selection: {} }],
      ['selection', { selection: { query: {}, datasets: ['resource:a/b'] } }],
      [
        'selection.datasets',
        { selection: { datasets: ['resource:a/b', ':/x'] } },
      ],
      ["not 'not a range'", { targetVersion: 'not a range' }],
      [
        'waves.shares must rise, but 0.2 comes after 0.5',
        {
          waves: { canary: 1, shares: [0.5, 0.2], maxFailureRate: 0 },
        },
      ],
      [
        'not "Mars/Base"',
        {
          windows: [{ from: '01:00', to: '02:00', timeZone: 'Mars/Base' }],
        },
      ],
      ['batchSize', { limits: { batchSize: 0 } }],
      ['title', { title: '' }],
      ['secret', { secret: 'x' }],
    ])('G10: refuses with %s', async (message, body) => {
      const [status, said] = await refused(create(body as any));
      expect(status).toBe(400);
      expect(said).toContain(message);
    });

    it('G10: says so when nothing is selected, or the state does not fit', async () => {
      await publish({ a: {} });
      const { id } = await create({ selection: { query: { search: 'zzz' } } });
      const failed = await until(id, 'failed');
      expect(failed.reason).toBe('No dataset matches the selection');
      expect(await refused(campaigns().act(id, 'resume'))).toEqual([
        409,
        `Campaign ${id} is failed, which does not allow 'resume'; possible is: nothing`,
      ]);
      expect((await refused(campaigns().get(randomUUID())))[0]).toBe(404);
    });
  });
});
