import knexFactory from 'knex';
import { connectionOf } from '../__testUtils__/connectionOf';
import { amelia } from '../__testUtils__/controlPlane';
import { poll } from '../__testUtils__/poll';
import { workOptions } from '../queue/__testUtils__/testQueue';
import { useDispatch } from './__testUtils__/useDispatch';
import { actOnCampaign } from './actOnCampaign';

jest.setTimeout(120_000);

const many = (count: number) => Array.from({ length: count }, () => ({}));

describe('CampaignRunner', () => {
  const given = useDispatch();

  it('gives two campaigns equal shares, however many datasets one of them has', async () => {
    given.slots = 1;
    given.maxInFlight = 10;
    const large = await given.campaign(many(60));
    const small = await given.campaign(many(12));
    await given.dispatch();
    expect(await given.active(large)).toBe(5);
    expect(await given.active(small)).toBe(5);
  });

  it('gives the large one what the small one has no use for', async () => {
    given.slots = 1;
    given.maxInFlight = 10;
    const large = await given.campaign(many(60));
    const small = await given.campaign(many(2));
    await given.dispatch();
    await given.dispatch();
    expect(await given.active(small)).toBe(2);
    expect(await given.active(large)).toBe(8);
  });

  it('lets a late one in as places get free, and have done long before the large one', async () => {
    given.slots = 1;
    given.maxInFlight = 10;
    const large = await given.campaign(many(60));
    await given.dispatch();
    expect(await given.active(large)).toBe(10);

    const late = await given.campaign(many(12));
    await given.dispatch();
    expect(await given.active(late)).toBe(0);
    while ((await waiting(late)) > 0) {
      await given.succeed(large, 2);
      await given.succeed(late, 2);
      await given.dispatch();
      expect((await given.active(large)) + (await given.active(late))).toBe(10);
    }
    // A half of what gets free is the late one's: of 50 that waited beside its 12.
    expect(await waiting(large)).toBeGreaterThan(30);
  });

  it('leaves planning to workers, as long as there are any, where it takes no jobs', async () => {
    const campaign = await given.campaign(many(3));
    await given
      .knex('campaigns')
      .update({ state: 'planning', selected_at: given.knex.fn.now() });
    await given.knex('campaign_datasets').update({ state: 'pending' });
    const pending = async () =>
      (
        await given
          .knex('campaign_datasets')
          .where({ campaign_id: campaign, state: 'pending' })
      ).length;
    given.slots = 1;
    expect(await given.plan()).toBe(false);
    expect(await pending()).toBe(3);
    given.slots = 0;
    expect(await given.plan()).toBe(true);
    expect(await pending()).toBe(0);
  });

  it('plans what no worker reaches itself, where it takes no jobs', async () => {
    const campaign = await given.campaign(many(3));
    await given
      .knex('campaigns')
      .update({ state: 'planning', selected_at: given.knex.fn.now() });
    await given.knex('campaign_datasets').update({ state: 'pending' });
    given.slots = 1;
    // An earlier release, which may take jobs of any engine.
    given.engines = undefined;
    expect(await given.plan()).toBe(false);
    given.engines = ['files'];
    expect(await given.plan()).toBe(true);
    expect(
      await given
        .knex('campaign_datasets')
        .where({ campaign_id: campaign, state: 'pending' }),
    ).toEqual([]);
  });

  describe('with datasets of an engine that no worker takes jobs of', () => {
    const files = Array.from({ length: 150 }, () => ({ engine: 'files' }));
    const reasons = async (campaign: string) =>
      given
        .knex('campaign_datasets')
        .where({ campaign_id: campaign, state: 'waiting' })
        .distinct('engine', 'reason');

    it('starts the others of a campaign, and says of these what they wait for', async () => {
      given.slots = 1;
      const mixed = await given.campaign([...files, ...many(5)]);
      await given.dispatch();
      expect(await given.active(mixed)).toBe(5);
      expect(await reasons(mixed)).toEqual([
        {
          engine: 'files',
          reason: 'No worker that is alive takes jobs of files',
        },
      ]);

      given.engines = ['memory', 'files'];
      given.maxInFlight = 10;
      await given.dispatch();
      expect(await given.active(mixed)).toBe(10);
      expect(await reasons(mixed)).toEqual([{ engine: 'files', reason: null }]);
    });

    it('lets those in flight hold no place of others, once their storage is gone', async () => {
      given.slots = 1;
      given.engines = ['memory', 'files'];
      const stuck = await given.campaign(files);
      const other = await given.campaign(many(8));
      await given.dispatch();
      await given.succeed(other, 8);
      await given.dispatch();
      expect(await given.active(stuck)).toBe(100);

      given.engines = ['memory'];
      const late = await given.campaign(many(8));
      await given.dispatch();
      expect(await given.active(late)).toBe(8);
      expect(await given.active(stuck)).toBe(100);
    });

    it('keeps other reasons as they are, until their time has come', async () => {
      given.slots = 1;
      const campaign = await given.campaign(files);
      const reason = "Waits for its owner's window";
      const until = (time: string) =>
        given
          .knex('campaign_datasets')
          .update({ reason, not_before: given.knex.raw(time) });
      await until(`now() + interval '1 hour'`);
      await given.dispatch();
      expect(await reasons(campaign)).toEqual([{ engine: 'files', reason }]);
      await until('now()');
      await given.dispatch();
      expect(await reasons(campaign)).toEqual([
        {
          engine: 'files',
          reason: 'No worker that is alive takes jobs of files',
        },
      ]);
    });

    it('ends no wave since no worker is there, or none reaches what is left of it', async () => {
      const { knex } = given;
      const campaign = await given.campaign(many(4));
      await knex('campaigns').update({
        request: knex.raw(
          `request || '{"waves":{"canary":2,"shares":[1],"maxFailureRate":0}}'`,
        ),
      });
      await knex('campaign_datasets').update({
        wave: knex.raw('1 + position / 2'),
      });
      const wave = () => knex('campaigns').pluck('current_wave');
      given.slots = 1;
      given.maxInFlight = 1;
      await given.dispatch();
      await given.succeed(campaign, 1);
      given.slots = 0;
      await given.dispatch();
      expect(await wave()).toEqual([1]);
      given.slots = 1;
      given.engines = ['files'];
      await given.dispatch();
      expect(await wave()).toEqual([1]);
      given.engines = ['memory'];
      given.maxInFlight = 9;
      await given.dispatch();
      expect(await given.active(campaign)).toBe(1);
      await given.succeed(campaign, 1);
      await given.dispatch();
      expect(await wave()).toEqual([2]);
    });

    it('takes workers of an earlier release, which do not tell, for such as take any', async () => {
      given.slots = 1;
      given.engines = undefined;
      const campaign = await given.campaign(files);
      await given.dispatch();
      expect(await given.active(campaign)).toBe(100);
      expect(await reasons(campaign)).toEqual([
        { engine: 'files', reason: null },
      ]);
    });
  });

  describe('in the order of lineage', () => {
    const chain = [{}, { upstream: 0 }, { upstream: 1 }];
    const states = (campaign: string): Promise<string[]> =>
      given
        .knex('campaign_datasets')
        .where({ campaign_id: campaign })
        .orderBy('position')
        .pluck('state');

    beforeEach(() => {
      given.slots = 1;
    });

    /** As if its dry run had just left out all but the first and the last. */
    async function withGap(leftOut = 1): Promise<string> {
      const campaign = await given.campaign([
        {},
        ...many(leftOut + 1).map((_, upstream) => ({ upstream })),
      ]);
      await given
        .knex('campaigns')
        .where({ id: campaign })
        .update({ state: 'planning', selected_at: given.knex.fn.now() });
      await given
        .knex('campaign_datasets')
        .where({ campaign_id: campaign })
        .whereBetween('position', [1, leftOut])
        .update({ state: 'excluded' });
      given.slots = 0;
      await given.plan();
      given.slots = 1;
      return campaign;
    }

    it('waits for what is above a dataset that the dry run left out', async () => {
      const campaign = await withGap();
      await given.dispatch();
      expect(await states(campaign)).toEqual(['active', 'excluded', 'waiting']);
      await given.succeed(campaign, 1);
      await given.dispatch();
      expect(await states(campaign)).toEqual([
        'succeeded',
        'excluded',
        'active',
      ]);
    });

    it('notes nothing besides of those that are left out', async () => {
      const campaign = await withGap(3);
      expect(
        await given
          .knex('campaign_edges AS edge')
          .join('campaign_datasets AS up', {
            'up.campaign_id': 'edge.campaign_id',
            'up.dataset_ref': 'edge.upstream_ref',
          })
          .where('edge.campaign_id', campaign)
          .orderBy('up.position')
          .pluck('up.position'),
      ).toEqual([0, 0, 1, 2, 3]);
    });

    it('skips what is below such a one when what is above it fails', async () => {
      const campaign = await withGap();
      await given.dispatch();
      await given.knex('migrations').update({ state: 'failed' });
      await given.dispatch();
      expect(await states(campaign)).toEqual(['failed', 'excluded', 'skipped']);
    });

    it('starts what is below one that was rolled back and migrated anew by itself', async () => {
      const campaign = await given.campaign(chain);
      await given.dispatch();
      await given.succeed(campaign, 1);
      await given.knex('migrations').update({ state: 'rolled-back' });
      const [first] = await given
        .knex('campaign_datasets')
        .where({ campaign_id: campaign, position: 0 })
        .pluck('dataset_ref');
      await given.knex('datasets').insert({
        entity_ref: first,
        title: first,
        current_version: '2.0.0',
        versions: '[]',
        contracts: '[]',
        documents: '[]',
        problems: '[]',
        content_hash: '',
      });
      await given.dispatch();
      expect(await states(campaign)).toEqual(['excluded', 'active', 'waiting']);
      await given.knex('datasets').delete();
    });

    it('starts nothing on what was rolled back', async () => {
      const campaign = await given.campaign(chain);
      await given.dispatch();
      await given.succeed(campaign, 1);
      await given.knex('migrations').update({ state: 'rolled-back' });
      await given.dispatch();
      expect(await states(campaign)).toEqual([
        'excluded',
        'skipped',
        'skipped',
      ]);
    });
  });

  describe('when much fails', () => {
    const campaignRow = (id: string) =>
      given.knex('campaigns').where({ id }).first();

    beforeEach(() => {
      given.slots = 100;
    });

    it('pauses after a batch that failed before it started, with the rest as it was', async () => {
      const campaign = await given.campaign(
        [...many(300), { upstream: 0 }],
        { batchSize: 10 },
        { failures: 5 },
      );
      given.mayMigrate = false;
      await given.dispatch();
      await given.dispatch();
      expect(await campaignRow(campaign)).toMatchObject({
        state: 'paused',
        reason: '10 migrations failed; it stops at 5',
      });
      expect(await waiting(campaign)).toBe(291);
    });

    it('finishes where nothing is left that could be paused', async () => {
      const campaign = await given.campaign(many(5), {}, { failures: 5 });
      given.mayMigrate = false;
      await given.dispatch();
      await given.dispatch();
      expect(await campaignRow(campaign)).toMatchObject({ state: 'finished' });
    });

    it('counts anew what was let through, once it does not fail any more', async () => {
      const campaign = await given.campaign(many(9), {}, { failures: 5 });
      await given
        .knex('campaigns')
        .update({ accepted: { failed: 5, ended: 5, wave: 0 } });
      await given.dispatch();
      expect(await campaignRow(campaign)).toMatchObject({
        state: 'running',
        accepted: { failed: 0, ended: 0, wave: 0 },
      });
    });

    it('does not end a campaign of which a person has the failed ones tried again', async () => {
      const campaign = await given.campaign(many(3));
      given.mayMigrate = false;
      await given.dispatch();
      given.mayMigrate = true;
      let round: Promise<void>;
      const person = knexFactory({
        client: 'pg',
        connection: connectionOf(given.knex),
      });
      await person.transaction(async trx => {
        await actOnCampaign(trx, {
          id: campaign,
          action: 'retry-failed',
          by: amelia,
        });
        // It has counted before this is committed.
        round = given.dispatch();
        await poll('the round to wait', async () => {
          const { rows } = await trx.raw(
            `SELECT FROM pg_stat_activity
             WHERE pg_backend_pid() = any(pg_blocking_pids(pid))`,
          );
          return rows.length > 0;
        });
      });
      await round!;
      await person.destroy();
      expect(await campaignRow(campaign)).toMatchObject({ state: 'running' });
      await given.dispatch();
      expect(await given.active(campaign)).toBe(3);
    });
  });

  it('counts what a paused campaign has in flight', async () => {
    given.slots = 1;
    given.maxInFlight = 10;
    const paused = await given.campaign(many(20));
    await given.dispatch();
    await given
      .knex('campaigns')
      .where({ id: paused })
      .update({ state: 'paused' });
    const other = await given.campaign(many(20));
    await given.dispatch();
    expect(await given.active(paused)).toBe(10);
    expect(await given.active(other)).toBe(0);
    await given.succeed(paused, 4);
    await given.dispatch();
    expect(await given.active(other)).toBe(4);
  });

  it('cancels without waiting for datasets that a dry run is at', async () => {
    const { knex } = given;
    const campaign = await given.campaign(many(3));
    await knex('campaigns').update({ state: 'cancelling' });
    const states = () =>
      knex('campaign_datasets').orderBy('position').pluck('state');
    const state = () =>
      knex('campaigns').where({ id: campaign }).pluck('state');
    await knex.transaction(async trx => {
      await trx('campaign_datasets').where({ position: 1 }).forUpdate();
      await given.dispatch();
      expect(await states()).toEqual(['cancelled', 'waiting', 'cancelled']);
      expect(await state()).toEqual(['cancelling']);
    });
    await given.dispatch();
    expect(await states()).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(await state()).toEqual(['cancelled']);
  });

  it('does not let a campaign whose datasets cannot start hold places', async () => {
    given.slots = 1;
    given.maxInFlight = 10;
    const stuck = await given.campaign(many(60));
    await given
      .knex('campaign_datasets')
      .where({ campaign_id: stuck })
      .update({ not_before: given.knex.raw(`now() + interval '1 hour'`) });
    const other = await given.campaign(many(60));
    await given.dispatch();
    expect(await given.active(stuck)).toBe(0);
    expect(await given.active(other)).toBe(10);
  });

  async function toldBlocked(campaign: string): Promise<boolean> {
    const { told_blocked: told } = await given
      .knex('campaigns')
      .where({ id: campaign })
      .first('told_blocked');
    return told;
  }

  it('does not say that consumers hold it up where only windows do', async () => {
    given.slots = 1;
    const campaign = await given.campaign(many(2));
    await given.dispatch();
    const held = (name: string) =>
      given
        .knex('migrations')
        .where({ campaign_id: campaign })
        .update({
          state: 'blocked',
          error: JSON.stringify({ name, message: 'It waits' }),
        });
    await held('WaitsForWindow');
    await given.dispatch();
    expect(await toldBlocked(campaign)).toBe(false);
    await held('BreakingChangeError');
    await given.dispatch();
    expect(await toldBlocked(campaign)).toBe(true);
  });

  it('says that consumers alone hold it up when nothing can go on, also not later', async () => {
    given.slots = 1;
    const campaign = await given.campaign(many(2));
    const change = (position: number, changes: object) =>
      given
        .knex('campaign_datasets')
        .where({ campaign_id: campaign, position })
        .update(changes);
    const told = () => toldBlocked(campaign);
    await change(0, { state: 'blocked' });
    await change(1, {
      not_before: given.knex.raw(`now() + interval '1 hour'`),
    });
    await given.dispatch();
    expect(await told()).toBe(false);

    await change(1, { not_before: null });
    await given.dispatch();
    expect(await given.active(campaign)).toBe(1);
    await given.succeed(campaign, 1);
    await given.dispatch();
    expect(await told()).toBe(true);

    await change(0, { state: 'waiting' });
    await given.dispatch();
    expect(await told()).toBe(false);
  });

  it('G1: starts what it can of a batch, each with its job, and says what is in the way of others', async () => {
    given.slots = 1;
    const campaign = await given.campaign(many(4));
    const { knex } = given;
    const inOrder = () =>
      knex('campaign_datasets')
        .where({ campaign_id: campaign })
        .orderBy('position');
    const single = await given.single((await inOrder())[1].dataset_ref);
    await given.dispatch();

    const datasets = await inOrder();
    expect(datasets.map(({ state }) => state)).toEqual([
      'active',
      'waiting',
      'active',
      'active',
    ]);
    expect(datasets[1].reason).toContain(`by migration ${single} (queued)`);
    const begun = datasets.map(({ migration_id: id }) => id ?? single);
    const jobs = await knex.withSchema('dataset_migrations_boss').from('job');
    expect(jobs.map(({ data }) => data.migrationId).sort()).toEqual(
      [...begun].sort(),
    );
    expect((await knex('migrations').pluck('id')).sort()).toEqual(
      [...begun].sort(),
    );
    expect(await knex('migration_stages')).toHaveLength(4 * 7);
    expect(
      (await knex('migration_events').pluck('migration_id')).sort(),
    ).toEqual([...begun].sort());
  });

  it('takes no more statements for many datasets than for a few', async () => {
    given.slots = 1;
    const statements = async (count: number) => {
      const campaign = await given.campaign(many(count));
      let asked = 0;
      const ask = () => {
        asked += 1;
      };
      given.knex.on('query', ask);
      await given.dispatch();
      given.knex.off('query', ask);
      expect(await given.active(campaign)).toBe(count);
      return asked;
    };
    const few = await statements(2);
    await given.clear();
    expect(await statements(60)).toBe(few);
  });

  it('lets a migration that a person starts go before all that campaigns started', async () => {
    given.slots = 1;
    const campaign = await given.campaign(many(20));
    await given.dispatch();
    expect(await given.active(campaign)).toBe(20);
    const single = await given.single();

    const ran: string[] = [];
    await given.queue.work(
      async payload => {
        if (payload.task === 'advance') {
          ran.push(payload.migrationId);
        }
      },
      { ...workOptions, slots: 1 },
    );
    await poll('all of them', () => ran.length === 21);
    expect(ran[0]).toBe(single);
  });

  async function waiting(campaign: string): Promise<number> {
    const [{ count }] = await given
      .knex('campaign_datasets')
      .where({ campaign_id: campaign, state: 'waiting' })
      .count({ count: '*' });
    return Number(count);
  }
});
