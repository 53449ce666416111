import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { poll } from '../__testUtils__/poll';
import {
  asUser,
  component,
  dataset,
  startBackend,
  TestBackend,
} from '../__testUtils__/testBackend';

jest.setTimeout(180_000);

const DAY = 86_400_000;
const flights = 'resource:default/flights';
const broken = 'resource:default/broken';
const radar = 'component:default/radar';

describe('readiness by the silence of runs', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let backend: TestBackend;

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    backend = await startBackend({
      knex,
      config: { fieldUse: { silentFor: { days: 30 } } },
    });
    await backend.publish([
      dataset('flights'),
      dataset('broken', { contracts: ['x: y'] }),
      component('radar', {
        consumesDatasets: [{ dataset: flights }, { dataset: broken }],
      }),
    ]);
  });
  afterAll(async () => {
    await backend.stop();
    await knex.destroy();
  });

  async function verdict() {
    const { items } = await backend
      .as('amelia')
      .getConsumers(flights, { targetVersion: '2.0.0' })
      .catch(() => ({ items: [] }));
    return items.find(({ consumer }) => consumer.entityRef === radar);
  }

  const table = (name: string) =>
    knex.withSchema('dataset-migrations').from(name);

  /** An event of a run that read a field so many days ago. */
  function event(
    daysAgo: number,
    field: string,
    eventType = 'COMPLETE',
    facets: object = {
      columnLineage: {
        fields: {
          out: {
            inputFields: [{ namespace: 'x', name: 'wh.public.flights', field }],
          },
        },
        dataset: [],
      },
    },
  ) {
    return {
      eventType,
      eventTime: new Date(Date.now() - daysAgo * DAY).toISOString(),
      run: { runId: `run-${daysAgo}` },
      job: { namespace: 'airflow', name: 'radar.daily' },
      inputs: [{ namespace: 'x', name: 'wh.public.flights' }],
      outputs: [{ namespace: 'x', name: 'wh.public.out', facets }],
    };
  }

  async function report(body: object) {
    const answer = await fetch(
      `${backend.api}/consumers/component/default/radar/lineage`,
      {
        method: 'POST',
        headers: { ...asUser('grace'), 'content-type': 'application/json' },
        body: JSON.stringify(body),
      },
    );
    return answer.json();
  }

  it('G6: counts once runs were heard throughout, and until one is not', async () => {
    expect(await verdict()).toMatchObject({ verdict: 'unknown' });
    expect((await verdict())?.consumer).not.toHaveProperty('silence');
    // As clients do: nothing is known of columns before the end.
    expect(await report(event(0, 'id', 'START', {}))).toEqual({
      accepted: [],
      ignored: ['no output has a columnLineage facet'],
    });
    await report(event(0, 'id'));
    // A history that is told afterwards is none that was heard.
    await report(event(31, 'id'));
    await report(event(35, 'delay'));
    const today = new Date().toISOString().slice(0, 10);
    expect((await verdict())?.reasons[1]).toBe(
      `that no run read \`delay\` would prove nothing: airflow/radar.daily tells what it reads of it only since ${today}`,
    );

    // As if it had told so every day since then.
    await table('lineage_times').update({
      heard: knex.raw(
        "range_merge(heard + tstzmultirange(tstzrange(now() - interval '40 days', now())))::tstzmultirange",
      ),
    });
    await table('lineage_jobs').update({
      first_at: knex.raw("now() - interval '40 days'"),
    });
    const since = new Date(Date.now() - 30 * DAY).toISOString().slice(0, 10);
    expect(await verdict()).toMatchObject({
      verdict: 'ready',
      blocking: false,
      reasons: [
        `no run has read \`delay\` since ${since}, and lineage of its job was live throughout`,
      ],
      consumer: {
        silence: {
          since,
          jobs: 1,
          reads: [{ field: 'id', job: 'airflow/radar.daily', on: today }],
        },
      },
    });
    const { items } = await backend.as('bessie').getConsumedDatasets(radar);
    const consumed = items.find(one => one.dataset.entityRef === flights);
    expect(consumed).toMatchObject({
      silence: { since, jobs: 1 },
      coming: [{ verdict: { verdict: 'ready' } }],
    });

    expect(await report(event(12.5, 'delay', 'FAIL'))).toEqual({
      accepted: [],
      ignored: ['its eventType is FAIL'],
    });
    expect(await verdict()).toMatchObject({
      verdict: 'unknown',
      blocking: true,
      reasons: [
        expect.any(String),
        expect.stringMatching(
          /^a run of airflow\/radar.daily read `delay` on /,
        ),
      ],
    });

    await report(event(11.5, 'id', 'COMPLETE', {}));
    const { id } = await backend.as('amelia').startMigration({
      datasetRef: flights,
      targetVersion: '2.0.0',
      policy: 'switch',
    });
    await poll('the block', async () => {
      const { state } = await backend.as('amelia').getMigration(id);
      return state === 'blocked';
    });
    const csv = await backend.as('amelia').getBoardCsv(id);
    expect(csv).toContain('what its runs do not read proves nothing: ');
    expect(csv).toContain('did not tell all that it read');
  });

  it('G6: is in doubt of an input of which no column is named', async () => {
    const columnLineage = { fields: {}, dataset: [] };
    await table('lineage_jobs').update({ untold_at: null });
    await report(event(0, 'id'));
    const untold = () => table('lineage_jobs').pluck('untold_at');
    expect(await untold()).toEqual([null]);
    await report(event(0, 'id', 'COMPLETE', { columnLineage }));
    expect(await untold()).toEqual([expect.any(Date)]);
  });

  it('G6: is in doubt of datasets whose contracts cannot be read', async () => {
    const job = { dataset_ref: broken, consumer_ref: radar, job: 'x' };
    await table('lineage_jobs').insert({ ...job, named_at: knex.fn.now() });
    await report(event(0, 'id'));
    expect(await table('lineage_jobs').where(job)).toEqual([
      expect.objectContaining({ untold_at: expect.any(Date) }),
    ]);
  });

  it('G6: is in doubt of all datasets of who consumes more than are looked at', async () => {
    await table('lineage_jobs').update({ untold_at: null });
    // Before the others by their refs; and as if the catalog had just named them.
    await table('consumers').insert(
      Array.from({ length: 500 }, (_, index) => ({
        dataset_ref: `resource:default/a${index}`,
        consumer_ref: radar,
        source: 'depends-on',
        updated_at: new Date(Date.now() + DAY),
      })),
    );
    await report(event(0, 'id'));
    const untold: unknown[] = await table('lineage_jobs').pluck('untold_at');
    expect(untold.length).toBeGreaterThan(1);
    expect(untold).not.toContain(null);
  });
});
