import { Consumer } from '@skein/backstage-plugin-dataset-migrations-common';
import { flights, readsDelay, Worker } from '../../__testUtils__/controlPlane';
import { usePipeline } from '../../__testUtils__/usePipeline';

jest.setTimeout(120_000);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TASK = 'tell-digests';

const apps = 'group:default/apps';
const data = 'group:default/data';
const stops = 'resource:default/stops';

const consumer = (name: string, more: Partial<Consumer>): Consumer => ({
  entityRef: `component:default/${name}`,
  source: 'declared',
  ...more,
});
const board = { ...readsDelay, owner: apps };
const mail = { ...board, entityRef: 'component:default/mail' };
const nobodys = { ...readsDelay, entityRef: 'component:default/nobodys' };
const report = consumer('report', { owner: data, source: 'depends-on' });
const ready = consumer('ready', {
  owner: 'group:default/ready',
  constraint: '>=1',
  fields: ['id'],
});
const raises = consumer('raises', {
  owner: 'group:default/raises',
  constraint: '^1.0.0',
  fields: ['id'],
});

const fromNow = (ms: number) => new Date(Date.now() + ms);

describe('tellDigests', () => {
  const given = usePipeline();
  let consumersOf: Record<string, Consumer[]>;

  beforeEach(() => {
    consumersOf = { [flights]: [board] };
    const { directory } = given.world;
    directory.getConsumers = async (ref = flights, { only } = {}) =>
      (consumersOf[ref] ?? []).filter(
        ({ entityRef }) => only?.includes(entityRef) ?? true,
      );
  });

  const withDigest = (every = '7 days') =>
    given.worker({ notifications: { digest: { every } } });

  async function blocked(w: Worker): Promise<string> {
    const { id } = await w.start();
    await w.reaches(id, 'blocked');
    return id;
  }

  /** The same migration, of another dataset. */
  async function copyFor(
    datasetRef: string,
    id: string,
    deadline: Date,
  ): Promise<string> {
    const { rows } = await given.knex.raw(
      `INSERT INTO migrations
       SELECT (jsonb_populate_record(original, jsonb_build_object(
         'id', gen_random_uuid(), 'dataset_ref', ?::text, 'location_key', ?::text, 'deadline', ?::timestamptz
       ))).*
       FROM migrations AS original WHERE id = ?
       RETURNING id`,
      [datasetRef, datasetRef, deadline, id],
    );
    return rows[0].id;
  }

  const told = () => given.world.digests;

  it('tells each owner once which datasets wait for which of their consumers, and nobody else', async () => {
    const w = await withDigest();
    const id = await blocked(w);
    const deadline = fromNow(5 * DAY);
    const copied = await copyFor(stops, id, deadline);
    consumersOf = {
      [flights]: [board, mail, nobodys, raises, ready],
      [stops]: [board, report],
    };
    await w.upkeep(TASK);
    await w.upkeep(TASK);
    const ofStops = {
      migrationId: copied,
      datasetRef: stops,
      toVersion: '2.0.0',
      deadline,
    };
    expect(told()).toEqual([
      {
        [apps]: [
          { ...ofStops, consumers: [board.entityRef] },
          {
            migrationId: id,
            datasetRef: flights,
            toVersion: '2.0.0',
            deadline: undefined,
            consumers: [board.entityRef, mail.entityRef],
          },
        ],
        [data]: [{ ...ofStops, consumers: [report.entityRef] }],
      },
    ]);
  });

  it('tells again in the next period, and not of the same time when periods become longer', async () => {
    const w = await withDigest();
    await blocked(w);
    await w.upkeep(TASK);
    const [{ period_start: start }] = await given.knex('digests');
    // A Monday.
    expect(start.toISOString()).toMatch(/T00:00:00\.000Z$/);
    expect(start.getUTCDay()).toBe(1);

    const slower = await withDigest('14 days');
    await slower.upkeep(TASK);
    expect(told()).toHaveLength(1);

    await given.knex('digests').update({
      period_start: new Date(start.getTime() - 7 * DAY),
    });
    await w.upkeep(TASK);
    expect(told()).toHaveLength(2);
  });

  it('tells once where two processes do it at the same time', async () => {
    const workers = [await withDigest(), await withDigest()];
    await blocked(workers[0]);
    await Promise.all(workers.map(w => w.upkeep(TASK)));
    expect(told()).toHaveLength(1);
    expect(await given.knex('digests')).toHaveLength(1);
  });

  it('does not tell who has answered, but who asked for more time', async () => {
    const w = await withDigest();
    consumersOf = { [flights]: [board, mail] };
    await given.knex('consumers').insert(
      [board, mail].map(({ entityRef }) => ({
        dataset_ref: flights,
        consumer_ref: entityRef,
        source: 'declared',
      })),
    );
    await blocked(w);
    const { readiness } = w.plane;
    const upcoming = await readiness.wayTo(flights, '2.0.0');
    const { concernsId } = await readiness.judge(flights, upcoming, board);
    const about = { datasetRef: flights, version: '2.0.0', concernsId };
    const by = 'user:default/bessie';
    await readiness.acknowledge(
      board.entityRef,
      { ...about, answer: 'ready', date: fromNow(3 * DAY).toISOString() },
      by,
    );
    await readiness.acknowledge(
      mail.entityRef,
      {
        ...about,
        answer: 'more-time',
        date: fromNow(9 * DAY).toISOString(),
        reason: 'The release train',
      },
      by,
    );
    await w.upkeep(TASK);
    expect(told()).toEqual([
      { [apps]: [expect.objectContaining({ consumers: [mail.entityRef] })] },
    ]);
  });

  it('tells of an old version that stays for somebody, not of what is over or goes', async () => {
    const w = await withDigest();
    const { id } = await w.start('2.0.0', 'coexist');
    await w.reaches(id, 'succeeded');
    const digestOf = async (change: Record<string, unknown>) => {
      await given.knex('migrations').update(change);
      await given.knex('digests').delete();
      await w.upkeep(TASK);
      return told().pop();
    };
    expect(await digestOf({ state: 'succeeded' })).toEqual({
      [apps]: [expect.objectContaining({ datasetRef: flights })],
    });
    expect(await digestOf({ stage: 'retire' })).toEqual({});
    for (const state of ['failed', 'rolling-back', 'cancelling', 'cancelled']) {
      expect(await digestOf({ state })).toEqual({});
    }
  });

  it('leaves out what cannot be judged, and makes none where nothing can be', async () => {
    const w = await withDigest();
    const id = await blocked(w);
    await copyFor(stops, id, fromNow(DAY));
    consumersOf[stops] = [report];
    const { directory } = given.world;
    const getConsumers = directory.getConsumers.bind(directory);
    directory.getConsumers = async () => {
      throw new Error('no connection');
    };
    await expect(w.upkeep(TASK)).rejects.toThrow(
      'No migration could be judged',
    );
    expect(told()).toEqual([]);

    directory.getConsumers = async (ref, options) => {
      if (ref === flights) {
        throw new Error('no connection');
      }
      return getConsumers(ref, options);
    };
    await w.upkeep(TASK);
    expect(told().map(Object.keys)).toEqual([[data]]);
  });

  it('is off by default, and refuses a setting that is none', async () => {
    const w = await given.worker();
    expect(w.isScheduled(TASK)).toBe(false);
    await expect(withDigest('1 hour')).rejects.toThrow(
      'datasetMigrations.notifications.digest.every must be from a day to a year, not "1 hour"',
    );
  });
});
