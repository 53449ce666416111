import { mockServices } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { amelia, flights, Worker, World } from '../__testUtils__/controlPlane';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { DatasetStore } from '../datasets/DatasetStore';
import { DatasetContent } from '../datasets/readDataset';
import { deleteMigrationEvents } from './deleteEvents';
import { ROUND } from './inRounds';
import { removeExpired } from './removeExpired';
import { RetentionSettings } from './settings';

jest.setTimeout(60_000);

const DAY = 24 * 3600 * 1000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY);

describe('removeExpired', () => {
  const database = useTestDatabase();
  let knex: Knex;
  let worker: Worker;
  /** A row of a migration that succeeded and was cleaned up after. */
  let succeeded: Record<string, unknown>;

  beforeEach(async () => {
    knex = database();
    await knex('campaigns').delete();
    worker = await new World(knex).worker();
    const { id } = await worker.start();
    await worker.reaches(id, 'succeeded');
    succeeded = await knex('migrations').where({ id }).first();
    await knex('migrations').delete();
  });

  afterEach(() => worker.plane.stop());

  const forEver: RetentionSettings = {
    jobs: 9_999 * DAY,
    preflights: 9_999 * DAY,
    events: 9_999 * DAY,
    deliveries: 9_999 * DAY,
    evidence: 9_999 * DAY,
    campaigns: 9_999 * DAY,
    migrations: 9_999 * DAY,
  };

  /** Keeps one kind for ten days and all others for ever. */
  const removeOld = (
    kind: keyof RetentionSettings,
    signal = new AbortController().signal,
  ) =>
    removeExpired(
      { knex, logger: mockServices.logger.mock() },
      { ...forEver, [kind]: 10 * DAY },
      signal,
    );

  /** A migration that ended 20 days ago, unless it is said otherwise. */
  async function insert(
    change: Record<string, unknown> = {},
    days = 20,
  ): Promise<string> {
    const id = randomUUID();
    const row: Record<string, unknown> = {
      ...succeeded,
      id,
      idempotency_key: null,
      finished_at: daysAgo(days),
      updated_at: daysAgo(days),
      rollback_until: daysAgo(days - 7),
      cleaned_up_at: daysAgo(days - 8),
      ...change,
    };
    for (const [key, value] of Object.entries(row)) {
      if (
        value !== null &&
        typeof value === 'object' &&
        !(value instanceof Date)
      )
        row[key] = JSON.stringify(value);
    }
    await knex('migrations').insert(row);
    return id;
  }

  async function insertCampaign(state: string, days: number): Promise<string> {
    const id = randomUUID();
    await knex('campaigns').insert({
      id,
      title: 'x',
      state,
      created_by: 'user:default/grace',
      initiator: '{}',
      request_hash: '',
      request: '{}',
      finished_at: state === 'running' ? null : daysAgo(days),
    });
    await knex('campaign_datasets').insert(
      ['a', 'b'].map((name, position) => ({
        campaign_id: id,
        dataset_ref: `resource:default/${name}`,
        position,
        level: position,
        state: 'succeeded',
      })),
    );
    await knex('campaign_edges').insert({
      campaign_id: id,
      dataset_ref: 'resource:default/b',
      upstream_ref: 'resource:default/a',
    });
    await knex('campaign_events').insert({
      campaign_id: id,
      at: daysAgo(days),
      level: 'info',
      message: 'x',
    });
    return id;
  }

  const left = (table: string): Promise<string[]> => knex(table).pluck('id');

  it('forgets who follows a dataset that left the catalog for long enough', async () => {
    await knex('datasets').insert({
      entity_ref: flights,
      title: 'Flights',
      versions: '[]',
      contracts: '[]',
      documents: '[]',
      problems: '[]',
      content_hash: '',
    });
    const away = 'resource:default/away';
    const back = { dataset_ref: flights, dataset_gone_at: daysAgo(20) };
    await knex('dataset_followers').insert([
      { ...back, follower_ref: 'user:default/amelia', decision: '{}' },
      {
        dataset_ref: away,
        follower_ref: 'user:default/amelia',
        decision: '{}',
      },
    ]);
    const followed = () =>
      knex('dataset_followers')
        .orderBy('dataset_ref')
        .select(
          'dataset_ref as ref',
          knex.raw('dataset_gone_at IS NULL AS here'),
        );
    await removeOld('deliveries');
    await removeOld('deliveries');
    expect(await followed()).toEqual([
      { ref: away, here: false },
      { ref: flights, here: true },
    ]);
    await knex('dataset_followers')
      .where({ dataset_ref: away })
      .update({ dataset_gone_at: daysAgo(11) });
    await removeOld('deliveries');
    expect(await followed()).toEqual([{ ref: flights, here: true }]);

    await knex('dataset_followers').update({ follower_gone_at: daysAgo(9) });
    await removeOld('deliveries');
    expect(await followed()).toHaveLength(1);
    await knex('dataset_followers').update({ follower_gone_at: daysAgo(11) });
    await removeOld('deliveries');
    expect(await followed()).toEqual([]);
  });

  describe('of migrations', () => {
    it('removes the old ones, and what belongs to them', async () => {
      const old = await insert();
      await insert({ state: 'cancelled', cleaned_up_at: null });
      await insert({ state: 'failed', stage: 'transform' });
      await insert({ state: 'failed', stage: 'discover', fence: null });
      const young = await insert({ state: 'failed', stage: 'transform' }, 9);
      const newest = await insert({}, 15);
      await knex('migration_stages').insert({
        migration_id: old,
        stage: 'discover',
        position: 0,
        state: 'succeeded',
      });

      await removeOld('migrations');
      expect((await left('migrations')).sort()).toEqual([young, newest].sort());
      expect(await knex('migration_stages')).toEqual([]);

      // Again, and by two at once.
      await Promise.all([removeOld('migrations'), removeOld('migrations')]);
      expect(await left('migrations')).toHaveLength(2);
    });

    it.each<[string, Record<string, unknown>]>([
      ['one that is active', { state: 'blocked', finished_at: null }],
      ['one that can be rolled back', { rollback_until: daysAgo(-1) }],
      [
        'one whose old version coexists',
        { old_version_state: 'coexisting', policy: 'coexist' },
      ],
      ['one that left something beside the data', { cleaned_up_at: null }],
      ['one that changed since', { updated_at: daysAgo(1) }],
      [
        'one that failed with its shadow kept',
        { state: 'failed', stage: 'transform', cleaned_up_at: null },
      ],
    ])('G8: keeps %s', async (_what, change) => {
      const kept = await insert(change);
      await insert({ dataset_ref: flights }, 15);
      await removeOld('migrations');
      await removeOld('evidence');
      const row = await knex('migrations').where({ id: kept }).first();
      expect(row.evidence_removed_at).toBeNull();
    });

    it('keeps one that failed where it may have switched, until another went on from there', async () => {
      const failed = await insert({ state: 'failed', stage: 'notify' });
      await removeOld('migrations');
      await removeOld('evidence');
      const row = await knex('migrations').where({ id: failed }).first();
      expect(row.evidence_removed_at).toBeNull();

      const later = await insert({}, 15);
      await removeOld('migrations');
      expect(await left('migrations')).toEqual([later]);
    });

    it.each([
      ['succeeded', '2.0.0'],
      ['rolled-back', '1.0.0'],
    ])(
      'keeps the last one that %s, so that a dataset that comes back has its version',
      async (state, version) => {
        await insert({}, 40);
        await insert({ state }, 30);
        await insert({ state: 'cancelled' }, 20);
        await removeOld('migrations');
        expect(await left('migrations')).toHaveLength(1);

        const dataset = await new DatasetStore(
          knex,
          async () => undefined,
        ).save({
          entityRef: flights,
          title: 'Flights',
          contracts: [succeeded.source_contract, succeeded.target_contract],
          documents: [],
          locations: [],
          windows: [],
          dependsOn: [],
          problems: [],
          hash: 'x',
        } as unknown as DatasetContent);
        expect(dataset.currentVersion).toBe(version);
      },
    );

    it('G7: keeps one of which somebody is still to be told', async () => {
      const old = await insert();
      await insert({}, 15);
      await insertDelivery(old, 'pending', 20);
      await removeOld('migrations');
      expect(await left('migrations')).toHaveLength(2);
    });

    it('keeps those of a campaign that is not over', async () => {
      const campaign = await insertCampaign('running', 20);
      await insert({ campaign_id: campaign });
      await insert({}, 15);
      await removeOld('migrations');
      expect(await left('migrations')).toHaveLength(2);
      await knex('campaigns').update({ state: 'finished' });
      await removeOld('migrations');
      expect(await left('migrations')).toHaveLength(1);
    });
  });

  describe('of evidence', () => {
    it('leaves who did what and how it ended, and nothing to be done', async () => {
      const id = await insert({ state: 'failed', stage: 'transform' });
      const before = await worker.migrations.get(id);
      expect(before.actions).toContain('retry');
      await removeOld('evidence');

      const after = await worker.migrations.get(id);
      expect(after).toEqual({
        ...before,
        steps: [],
        consumers: [],
        verification: {
          ...before.verification,
          columns: [],
          mismatches: [],
          contractChecks: [],
        },
        actions: [],
        evidenceRemovedAt: expect.any(String),
      });
      expect(after.changes.length).toBeGreaterThan(0);
      await expect(worker.migrations.cancel(id, amelia)).rejects.toThrow(
        "does not allow 'cancel'; possible is: nothing",
      );

      const row = await knex('migrations').where({ id }).first();
      expect(row.source_contract).toEqual({ version: '1.0.0' });
      expect(row.plan.mapping).toBeUndefined();
      // Not a second time, nor does the upkeep stumble over it.
      await removeOld('evidence');
      expect(await knex('migrations').where({ id }).first()).toEqual(row);
      for (const task of ['clean-up', 'finish-switched', 'requeue-orphans']) {
        await worker.upkeep(task);
      }
      expect(await knex('migrations').where({ id }).first()).toEqual(row);
    });
  });

  function insertDelivery(
    migrationId: string,
    state: string,
    days: number,
  ): Promise<string> {
    return insertDeliveryOf(
      { migration_id: migrationId, dataset_ref: flights },
      state,
      days,
    );
  }

  async function insertDeliveryOf(
    subject: Record<string, string>,
    state: string,
    days: number,
  ): Promise<string> {
    const id = randomUUID();
    await knex('deliveries').insert({
      id,
      ...subject,
      consumer_ref: `component:default/${id}`,
      kind: 'webhook',
      event_type: 'x',
      target: 'https://hooks.test',
      body: '{}',
      state,
      occurrence: 1,
      created_at: daysAgo(days),
    });
    return id;
  }

  it('G7: removes deliveries that are over', async () => {
    const migration = await insert();
    await insertDelivery(migration, 'delivered', 20);
    await insertDelivery(migration, 'dead', 20);
    const kept = [
      await insertDelivery(migration, 'pending', 20),
      await insertDelivery(migration, 'dead', 9),
    ];
    await removeOld('deliveries');
    expect((await left('deliveries')).sort()).toEqual(kept.sort());
  });

  it('G7: removes campaigns with what their owners were told, and keeps one of which somebody is still to be told', async () => {
    const old = await insertCampaign('finished', 20);
    const young = await insertCampaign('finished', 20);
    const dead = await insertDeliveryOf({ campaign_id: old }, 'dead', 20);
    const kept = await insertDeliveryOf({ campaign_id: young }, 'pending', 20);
    expect(await left('deliveries')).toEqual(
      expect.arrayContaining([dead, kept]),
    );
    await removeOld('campaigns');
    expect(await left('campaigns')).toEqual([young]);
    expect(await left('deliveries')).toEqual([kept]);

    await knex('deliveries').update({ state: 'delivered' });
    await removeOld('deliveries');
    expect(await left('deliveries')).toEqual([]);
  });

  it('removes preflights that are over', async () => {
    const preflight = (state: string, days: number) => ({
      id: randomUUID(),
      dataset_ref: flights,
      target_version: '2.0.0',
      requested_by: 'user:default/amelia',
      state,
      findings: '[]',
      created_at: daysAgo(days),
      finished_at: state === 'running' ? null : daysAgo(days),
    });
    const kept = [preflight('done', 9), preflight('running', 20)];
    await knex('preflights').insert([
      ...kept,
      preflight('done', 20),
      preflight('failed', 20),
    ]);
    await removeOld('preflights');
    expect((await left('preflights')).sort()).toEqual(
      kept.map(({ id }) => id).sort(),
    );
  });

  it('removes old campaigns; their migrations stay', async () => {
    const old = await insertCampaign('finished', 20);
    const kept = [
      await insertCampaign('cancelled', 9),
      await insertCampaign('running', 20),
    ];
    const migration = await insert({ campaign_id: old });
    await removeOld('campaigns');
    expect((await left('campaigns')).sort()).toEqual(kept.sort());
    expect(await knex('campaign_datasets')).toHaveLength(4);
    expect(await knex('campaign_edges')).toHaveLength(2);
    expect(
      await knex('migrations').where({ id: migration }).first('campaign_id'),
    ).toEqual({ campaign_id: null });
  });

  describe('of logs', () => {
    const log = (migrationId: string, count: number, days: number) =>
      knex.batchInsert(
        'migration_events',
        Array.from({ length: count }, () => ({
          migration_id: migrationId,
          at: daysAgo(days),
          level: 'info',
          message: 'x',
        })),
      );

    it('removes old lines of what is over, in rounds', async () => {
      const over = await insert();
      const active = await insert({ state: 'blocked', finished_at: null });
      await log(over, 2 * ROUND + 1, 20);
      await log(over, 1, 9);
      await log(active, 1, 20);
      await insertCampaign('finished', 20);
      await insertCampaign('running', 20);
      await removeOld('events');
      expect(await left('migration_events')).toHaveLength(2);
      expect(await left('campaign_events')).toHaveLength(1);
    });

    it('stops between two rounds, and goes on the next time', async () => {
      const over = await insert();
      await log(over, 2 * ROUND, 20);
      const controller = new AbortController();
      knex.once('query-response', () => controller.abort());
      await expect(
        deleteMigrationEvents({
          knex,
          before: daysAgo(10),
          signal: controller.signal,
        }),
      ).rejects.toThrow('aborted');
      expect(await left('migration_events')).toHaveLength(ROUND);
      await removeOld('events');
      expect(await left('migration_events')).toEqual([]);
    });
  });

  it('goes on with the others when one cannot be removed', async () => {
    const migration = await insert();
    await insertDelivery(migration, 'dead', 20);
    await knex.raw('ALTER TABLE preflights RENAME TO elsewhere');
    try {
      const logger = mockServices.logger.mock();
      await removeExpired(
        { knex, logger },
        { ...forEver, preflights: DAY, deliveries: DAY },
        new AbortController().signal,
      );
      expect(logger.warn).toHaveBeenCalledWith(
        expect.stringContaining('Could not remove old preflights'),
      );
      expect(await left('deliveries')).toEqual([]);
    } finally {
      await knex.raw('ALTER TABLE elsewhere RENAME TO preflights');
    }
  });
});
