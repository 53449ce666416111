import { CampaignLimits } from '@skein/backstage-plugin-dataset-migrations-common';
import fc from 'fast-check';
import { countDispatchable } from '../database/operations/campaigns/countDispatchable';
import { PlannedDataset, useDispatch } from './__testUtils__/useDispatch';

jest.setTimeout(300_000);

/** More than any of these tests could start. */
const PLENTY = 10_000;

describe('what campaigns could start now', () => {
  const given = useDispatch();

  /** The backlog of campaigns, as the metrics and as PostgreSQL tell it. */
  async function told(): Promise<number> {
    const { rows } = await given.knex.raw(
      'SELECT dataset_migrations_eligible_backlog() AS backlog',
    );
    const { eligibleBacklog } = await given.queue.stats();
    const dispatchable = await countDispatchable(given.knex);
    expect(rows[0].backlog).toBe(eligibleBacklog + dispatchable);
    return dispatchable;
  }

  async function inFlight(): Promise<number> {
    const [{ count }] = await given
      .knex('campaign_datasets')
      .where({ state: 'active' })
      .count({ count: '*' });
    return Number(count);
  }

  const on = (connection: string, owner = 'group:default/a') => ({
    connection,
    owner,
  });

  it.each([
    {
      limit: 'its own',
      campaigns: [
        { limits: { maxInFlight: 2 }, datasets: [on('a'), on('a'), on('b')] },
      ],
      expected: 2,
    },
    {
      limit: 'of a connection, which two campaigns share',
      campaigns: [
        {
          limits: { maxInFlightPerConnection: 3 },
          datasets: Array(5).fill(on('a')),
        },
        {
          limits: { maxInFlightPerConnection: 3 },
          datasets: [...Array(5).fill(on('a')), on('b')],
        },
      ],
      expected: 4,
    },
    {
      limit: 'of an owner, which two campaigns share',
      campaigns: [
        { limits: { maxInFlightPerOwner: 2 }, datasets: [on('a'), on('b')] },
        {
          limits: { maxInFlightPerOwner: 2 },
          datasets: [on('c'), on('d', 'group:default/b')],
        },
      ],
      expected: 3,
    },
    {
      limit: 'of all campaigns together',
      maxInFlight: 4,
      campaigns: [
        { datasets: Array(5).fill(on('a')) },
        { datasets: Array(5).fill(on('b')) },
      ],
      expected: 4,
    },
    {
      limit: 'a start of each minute',
      campaigns: [
        { limits: { startsPerMinute: 1 }, datasets: Array(3).fill(on('a')) },
      ],
      expected: 1,
    },
    {
      limit: 'what goes before',
      campaigns: [
        {
          datasets: [
            on('a'),
            { ...on('a'), upstream: 0 },
            { ...on('a'), upstream: 1 },
          ],
        },
      ],
      expected: 1,
    },
  ])(
    'keeps within the limit $limit',
    async ({ campaigns, maxInFlight, expected }) => {
      given.maxInFlight = maxInFlight ?? given.maxInFlight;
      for (const { datasets, limits } of campaigns as Array<{
        datasets: PlannedDataset[];
        limits?: Partial<CampaignLimits>;
      }>) {
        await given.campaign(datasets, limits);
      }
      await given.dispatch();
      expect(await inFlight()).toBe(0);
      expect(await told()).toBe(expected);

      given.slots = PLENTY;
      await given.dispatch();
      expect(await inFlight()).toBe(expected);
    },
  );

  it('is nothing of a campaign that was paused, and of one whose window is closed', async () => {
    const paused = await given.campaign([on('a')]);
    const closed = await given.campaign([on('a')]);
    await given.dispatch();
    expect(await told()).toBe(2);
    const inHours = (hours: number) =>
      new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
    await given
      .knex('campaigns')
      .where({ id: paused })
      .update({ state: 'paused' });
    await given
      .knex('campaigns')
      .where({ id: closed })
      .update({
        request: given.knex.raw(`jsonb_set(request, '{windows}', ?)`, [
          JSON.stringify([
            { from: inHours(3), to: inHours(4), timeZone: 'UTC' },
          ]),
        ]),
      });
    await given.dispatch();
    expect(await told()).toBe(0);
  });

  it('is what the next round starts where there are workers enough, whatever the limits', async () => {
    const limit = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined });
    const campaign = fc.record({
      datasets: fc.array(
        fc.record({
          connection: fc.constantFrom('a', 'b', undefined),
          owner: fc.constantFrom(
            'group:default/a',
            'group:default/b',
            undefined,
          ),
        }),
        { minLength: 1, maxLength: 7 },
      ),
      limits: fc.record({
        batchSize: fc.integer({ min: 1, max: 3 }),
        maxInFlight: fc.integer({ min: 1, max: 6 }),
        maxInFlightPerConnection: limit,
        maxInFlightPerOwner: limit,
        startsPerMinute: limit,
      }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(campaign, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 3 }),
        async (campaigns, maxInFlight, ended) => {
          await given.clear();
          given.slots = 0;
          given.maxInFlight = maxInFlight;
          const ids: string[] = [];
          for (const { datasets, limits } of campaigns) {
            ids.push(await given.campaign(datasets, limits));
          }
          await given.dispatch();
          const first = await told();

          given.slots = PLENTY;
          await given.dispatch();
          expect(await inFlight()).toBe(first);

          // The same with some in flight, and some of them ended.
          await given.succeed(ids[0], ended);
          const before = await inFlight();
          given.slots = 0;
          await given.dispatch();
          const second = await told();
          given.slots = PLENTY;
          await given.dispatch();
          expect((await inFlight()) - before).toBe(second);
        },
      ),
      { numRuns: 25 },
    );
  });
});
