import { poll } from '../__testUtils__/poll';
import { workOptions } from '../queue/__testUtils__/testQueue';
import { useDispatch } from './__testUtils__/useDispatch';

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
