import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import * as fc from 'fast-check';
import { Knex } from 'knex';
import { poll } from '../../__testUtils__/poll';
import { ConsumerStore } from '../../consumers/ConsumerStore';
import { openDatabase } from '../../database/openDatabase';
import { AROUND_RUN_MS, PAUSE_MS } from '../lineage/pauses';
import { FieldUseStore } from './FieldUseStore';
import { lockLineage } from './lockLineage';
import { ObservedRun } from './ObservedRun';

jest.setTimeout(180_000);

const DAY = 86_400_000;
const NOW = new Date('2026-11-29T12:00:00Z');
const flights = 'resource:default/flights';
const airports = 'resource:default/airports';
const radar = 'component:default/radar';

const ago = (days: number) => new Date(NOW.getTime() - days * DAY);

/** A run that ended well and told all that it read of the flights. */
function run(
  days: number,
  fields: string[] = ['id'],
  more: Partial<ObservedRun> = {},
): ObservedRun {
  return {
    consumerRef: radar,
    job: 'a',
    runId: `run-${days}`,
    eventTime: ago(days),
    receivedAt: ago(days),
    uses: [{ datasetRef: flights, fields }],
    outputs: [],
    outcome: 'complete',
    whole: true,
    tellsFilters: true,
    ...more,
  };
}

/** One that did not tell of its columns. */
const untold = (days: number, more: Partial<ObservedRun> = {}) =>
  run(days, [], { whole: false, tellsFilters: false, silent: 'x', ...more });

describe('lineage of runs', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let store: FieldUseStore;
  /** What the clock of those who judge says. */
  let now: Date;

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    await openDatabase(mockServices.database({ knex }));
    store = new FieldUseStore(knex);
  });
  beforeEach(async () => {
    now = NOW;
    await clear();
    await knex('consumers').delete();
    await knex('consumers').insert({
      dataset_ref: flights,
      consumer_ref: radar,
      source: 'depends-on',
    });
  });
  afterAll(() => knex.destroy());

  const tables = [
    'field_last_reads',
    'lineage_jobs',
    'lineage_times',
    'lineage_runs',
  ];

  async function clear() {
    for (const table of [...tables, 'observed_field_uses', 'migrations']) {
      await knex(table).delete();
    }
  }

  /** All that is known, but when it was received. */
  async function rows() {
    const all = [];
    for (const table of tables) {
      const found = await knex(table).orderByRaw('1, 2, 3');
      all.push(found.map(({ received_at: _, ...row }) => row));
    }
    return all;
  }

  /** From the first run to the last one, as far as there is no pause. */
  async function stretches(): Promise<Array<[string, number, number]>> {
    const { rows: ranges } = await knex.raw(
      `SELECT job, lower(range) AS lower, upper(range) AS upper
       FROM lineage_times, unnest(heard) AS range
       ORDER BY 1, 2`,
    );
    return ranges.map(
      ({ job, lower, upper }: { job: string; lower: Date; upper: Date }) => [
        job,
        lower.getTime() + AROUND_RUN_MS,
        upper.getTime() - AROUND_RUN_MS,
      ],
    );
  }

  async function save(...runs: ObservedRun[]) {
    for (const one of runs) {
      await store.saveObserved(one);
    }
  }

  const consumers = () =>
    new ConsumerStore(knex, { silentForMs: 30 * DAY, now: () => now });

  async function silence() {
    const [consumer] = await consumers().ofDataset(flights);
    return consumer.silence;
  }

  /** Once a day, from so many days ago until the last of them. */
  const daily = (from: number, to = 0.5, fields?: string[], more = {}) =>
    Array.from({ length: Math.floor(from - to) + 1 }, (_, index) =>
      run(from - index, fields, more),
    );

  it('tells of what was not read for long, and is not asked for unless it is to', async () => {
    await save(...daily(60.5, 31.5, ['id', 'delay']), ...daily(30.5));
    expect(await silence()).toEqual({
      since: '2026-10-30',
      jobs: 1,
      reads: [{ field: 'id', job: 'a', on: '2026-11-29' }],
    });
    const [consumer] = await new ConsumerStore(knex).ofDataset(flights);
    expect(consumer).not.toHaveProperty('silence');
    const [consumed] = await consumers().ofEntity(radar, 10);
    expect(consumed.consumer.silence).toEqual(await silence());
    const all = await consumers().ofDatasets([flights]);
    expect(all.get(flights)?.[0].silence).toEqual(await silence());
  });

  it('comes with the time, and ends with a read', async () => {
    await save(...daily(60.5, 10.5), run(9.9, ['delay']), ...daily(9.5));
    const readsOf = async () => (await silence())?.reads.map(r => r.field);
    expect(await readsOf()).toEqual(['delay', 'id']);
    await save(...daily(-0.5, -21.5));
    now = ago(-21.5);
    expect(await readsOf()).toEqual(['id']);
    await save(run(-21.4, ['delay']));
    expect(await readsOf()).toEqual(['delay', 'id']);
  });

  it('counts what failed runs, and runs that come late, say that they read', async () => {
    await save(
      ...daily(60.5),
      run(3.1, ['delay'], {
        outcome: 'failed',
        silent: 'its eventType is FAIL',
      }),
      run(5.1, ['origin'], { job: 'a' }),
    );
    expect(await silence()).toEqual({
      since: '2026-10-30',
      jobs: 1,
      reads: [
        { field: 'delay', job: 'a', on: '2026-11-26' },
        { field: 'id', job: 'a', on: '2026-11-29' },
        { field: 'origin', job: 'a', on: '2026-11-24' },
      ],
    });
  });

  it('does not take a history for runs that were heard, but for what they read', async () => {
    const at = (days: number) => ({ receivedAt: ago(days) });
    await save(...daily(60.5, 0.5, ['id'], at(0)));
    expect((await silence())?.doubt).toBe(
      'a tells what it reads of it only since 2026-11-28',
    );
    expect(await stretches()).toEqual([
      ['a', ago(1.5).getTime(), ago(0.5).getTime()],
    ]);
    await clear();
    await save(...daily(60.5), run(20.1, ['delay'], at(0)));
    expect((await silence())?.reads.map(read => read.field)).toEqual([
      'delay',
      'id',
    ]);
  });

  it('does not take failed runs for such as were heard', async () => {
    await save(
      ...daily(60.5, 3.5),
      ...daily(2.5, 0.5, [], { outcome: 'failed', silent: 'x' }),
    );
    expect((await silence())?.doubt).toBe(
      'a has told nothing since 2026-11-26',
    );
  });

  it('is in doubt once a run ended, well or not, without telling', async () => {
    for (const outcome of ['complete', 'failed'] as const) {
      await clear();
      await save(...daily(60.5), untold(12.1, { outcome }));
      expect((await silence())?.doubt).toBe(
        'a run of a on 2026-11-17 did not tell all that it read',
      );
      // The job's next runs make up for nothing; time does.
      await save(...daily(-0.5, -20.5));
      now = ago(-20.5);
      expect((await silence())?.doubt).toBeUndefined();
      now = NOW;
    }
  });

  it('is in doubt once a run named a column that no contract knows', async () => {
    await save(...daily(60.5), run(4.1, ['id'], { unclear: [flights] }));
    expect((await silence())?.doubt).toMatch(/^a run of a on 2026-11-25 /);
  });

  it('is in doubt once a run came while the tables of the dataset were not known', async () => {
    const unmatched = { uses: [], unmatched: [flights] };
    await save(...daily(60.5), run(4.1, [], { ...unmatched, job: 'b' }));
    expect((await silence())?.doubt).toMatch(/^a run of a on 2026-11-25 /);
  });

  it('is in doubt once a run may have read any dataset', async () => {
    await save(...daily(60.5), run(4.1, [], { uses: [], unmatched: 'all' }));
    expect((await silence())?.doubt).toMatch(/^a run of a on 2026-11-25 /);
  });

  it('begins anew with who was no consumer for a while', async () => {
    await save(...daily(60.5));
    expect((await silence())?.doubt).toBeUndefined();
    const before = new Date(Date.now() + DAY);
    await consumers().removeOthers({ seen: [], before });
    await knex('consumers').insert({
      dataset_ref: flights,
      consumer_ref: radar,
      source: 'depends-on',
    });
    expect(await silence()).toBeUndefined();
    await save(run(0.4));
    expect((await silence())?.doubt).toBe(
      'a tells what it reads of it only since 2026-11-29',
    );
  });

  it('is in doubt once a run began and said nothing for a day', async () => {
    const began = (days: number, runId: string) =>
      untold(days, { outcome: undefined, runId });
    await save(
      ...daily(60.5),
      began(2.1, 'lost'),
      began(2.2, 'told'),
      run(2, ['id'], { runId: 'told' }),
      run(1.9, ['id'], { runId: 'late' }),
      began(1.95, 'late'),
    );
    const settle = (days: number) =>
      store.settleRuns(new Date(Date.now() + days * DAY));
    await settle(-1);
    expect((await silence())?.doubt).toBeUndefined();
    await settle(1);
    expect((await silence())?.doubt).toMatch(/^a run of a on 2026-11-27 /);
    expect(await knex('lineage_runs')).toEqual([]);
    const [job] = await knex('lineage_jobs');
    expect(job.untold_at).toEqual(ago(2.1));
  });

  it('settles no run while an event of the consumer is taken', async () => {
    await save(...daily(2.5, 1.5), untold(1, { outcome: undefined }));
    const waiting = async () => {
      const { rows: locks } = await knex.raw(
        `SELECT 1 FROM pg_locks JOIN pg_database ON database = pg_database.oid
         WHERE datname = current_database() AND locktype = 'advisory'
           AND NOT granted`,
      );
      return locks.length > 0;
    };
    const settling = await knex.transaction(async trx => {
      await lockLineage(trx, radar);
      const done = store.settleRuns(new Date(Date.now() + DAY));
      await poll('who settles to wait', waiting);
      // Too late if it had begun.
      await trx('lineage_runs').update({ told: true });
      return { done };
    });
    await settling.done;
    expect(await knex('lineage_runs')).toEqual([]);
    const [job] = await knex('lineage_jobs');
    expect(job.untold_at).toBeNull();
  });

  it('hears a job that turned to other datasets', async () => {
    const elsewhere = { uses: [{ datasetRef: airports, fields: ['code'] }] };
    await save(
      ...daily(60.5, 20.5, ['id', 'delay']),
      ...daily(19.5, 0.5, [], elsewhere),
    );
    expect((await silence())?.reads.map(read => read.field)).toEqual([
      'delay',
      'id',
    ]);
    await save(...daily(-0.5, -15.5, [], elsewhere));
    now = ago(-15.5);
    expect(await silence()).toEqual({
      since: '2026-11-15',
      jobs: 1,
      reads: [],
    });
  });

  it('is in doubt for a while after the dataset moved to another version', async () => {
    await save(...daily(60.5));
    const migrated = (state: string, finishedAt: Date) =>
      knex('migrations').insert({
        id: knex.raw('gen_random_uuid()'),
        dataset_ref: flights,
        location_key: 'x',
        location: '{}',
        from_version: '1.0.0',
        to_version: '2.0.0',
        policy: 'switch',
        state,
        started_by: 'user:default/amelia',
        source_contract: '{}',
        target_contract: '{}',
        finished_at: finishedAt,
      });
    await migrated('failed', ago(3));
    await migrated('succeeded', ago(40));
    expect((await silence())?.doubt).toBeUndefined();
    await migrated('rolled-back', ago(2));
    expect((await silence())?.doubt).toBe(
      'the dataset moved to another version on 2026-11-27',
    );
  });

  it('takes no more jobs than a consumer may have, and is in doubt then', async () => {
    await save(...daily(60.5));
    await knex('lineage_jobs').insert(
      Array.from({ length: 499 }, (_, index) => ({
        dataset_ref: airports,
        consumer_ref: radar,
        job: `job-${index}`,
        named_at: NOW,
      })),
    );
    await save(run(0.4));
    expect((await silence())?.doubt).toBeUndefined();
    await save(run(0.3, ['delay'], { job: 'more' }));
    expect((await silence())?.doubt).toMatch(/^a run of a on 2026-11-29 /);
    expect(await knex('lineage_jobs').where({ job: 'more' })).toEqual([]);
    expect(await knex('field_last_reads').where({ field: 'delay' })).toEqual([
      expect.objectContaining({ job: 'more', read_at: ago(0.3) }),
    ]);
  });

  it('is the same in whatever order events come, and however often', async () => {
    const event = fc.record({
      hour: fc.integer({ min: 0, max: 400 }),
      job: fc.constantFrom('a', 'b'),
      runId: fc.constantFrom('1', '2', '3', '4'),
      fields: fc.subarray(['id', 'delay', 'origin']),
      datasetRef: fc.constantFrom(flights, airports),
      outcome: fc.constantFrom<ObservedRun['outcome']>(
        'complete',
        'failed',
        undefined,
      ),
      whole: fc.boolean(),
      tellsFilters: fc.boolean(),
      isUnclear: fc.boolean(),
      silent: fc.constantFrom(undefined, 'x'),
      isLate: fc.boolean(),
    });
    const shuffled = fc
      .array(event, { minLength: 1, maxLength: 10 })
      .chain(events =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray([...events, ...events], {
            minLength: 2 * events.length,
          }),
        ),
      );
    const runOf = ({
      hour,
      datasetRef,
      fields,
      isUnclear,
      isLate,
      ...one
    }: {
      hour: number;
      datasetRef: string;
      fields: string[];
      isUnclear: boolean;
      isLate: boolean;
      job: string;
      runId: string;
    }): ObservedRun => ({
      ...one,
      consumerRef: radar,
      eventTime: ago(hour / 24),
      receivedAt: ago(hour / 24 - (isLate ? 2 : 1)),
      uses: [{ datasetRef, fields }],
      outputs: [],
      unclear: isUnclear ? [datasetRef] : [],
    });
    await fc.assert(
      fc.asyncProperty(shuffled, async ([events, others]) => {
        await clear();
        await save(...events.map(runOf));
        const expected = await rows();
        await clear();
        await save(...others.map(runOf));
        expect(await rows()).toEqual(expected);

        const heard = events
          .filter(
            ({ outcome, whole, isLate }) =>
              outcome === 'complete' && whole && !isLate,
          )
          .map(({ job, hour }) => ({ job, at: ago(hour / 24).getTime() }));
        expect(await stretches()).toEqual(
          ['a', 'b'].flatMap(job => stretchesOf(job, heard)),
        );
      }),
      { numRuns: 25 },
    );
  });

  it('is forgotten when it is old', async () => {
    await save(...daily(100.5, 50.5, ['delay']), ...daily(40.5));
    await save(run(95, ['id'], { job: 'once' }));
    const elsewhere = { uses: [], job: 'elsewhere' };
    await save(run(95, ['id'], { job: 'elsewhere' }), run(1, [], elsewhere));
    const known = async (table: string, column: string) =>
      (await knex(table).orderBy(column)).map(row => row[column]);
    await store.removeLineage(ago(90));
    expect(await known('field_last_reads', 'field')).toEqual(['delay', 'id']);
    // Whoever still runs is known to name the dataset no more.
    expect(await known('lineage_jobs', 'job')).toEqual(['a', 'elsewhere']);
    const heard = async () => (await stretches()).map(([job]) => job);
    expect(await heard()).toEqual(['a', 'a', 'elsewhere', 'elsewhere']);
    await store.removeLineage(ago(45));
    expect(await known('field_last_reads', 'field')).toEqual(['id']);
    expect(await heard()).toEqual(['a', 'elsewhere']);
    await store.removeLineage(ago(-1));
    for (const table of ['field_last_reads', 'lineage_jobs']) {
      expect(await knex(table)).toEqual([]);
    }
  });
});

/** What the rows must be, by looking at all runs in order. */
function stretchesOf(
  job: string,
  heard: Array<{ job: string; at: number }>,
): Array<[string, number, number]> {
  const times = heard
    .filter(one => one.job === job)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  const stretches: Array<[string, number, number]> = [];
  for (const at of times) {
    const last = stretches[stretches.length - 1];
    if (last && at - last[2] <= PAUSE_MS) {
      last[2] = at;
    } else {
      stretches.push([job, at, at]);
    }
  }
  return stretches;
}
