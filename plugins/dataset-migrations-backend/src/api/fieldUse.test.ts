import { UrlReaderService } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
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

const flights = 'resource:default/flights';
const source = 'https://git.test/apps/radar/tree/main/';

describe('field use', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let backend: TestBackend;
  let sql: string;

  async function readTree(
    address: string,
    options: Parameters<UrlReaderService['readTree']>[1],
  ) {
    if (address !== source) {
      throw new Error(`There is nothing at ${address}`);
    }
    return {
      etag: sql,
      files: async () =>
        [
          { path: 'sql/late.sql', content: async () => Buffer.from(sql) },
        ].filter(({ path }) => options!.filter!(path, { size: sql.length })),
    } as unknown as Awaited<ReturnType<UrlReaderService['readTree']>>;
  }

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    sql = 'select\n  delay\nfrom flights';
    backend = await startBackend({
      knex,
      config: {
        fieldUse: {
          sources: [{ urlPrefix: 'https://git.test/apps' }],
          readSourcesEvery: { seconds: 1 },
          lineage: {
            reporters: [
              {
                subject: 'external:airflow',
                consumers: ['component:default/other'],
                namespaces: ['airflow'],
              },
            ],
          },
        },
      },
      features: [
        mockServices.urlReader.mock({
          readTree: readTree as UrlReaderService['readTree'],
        }).factory,
      ],
    });
    const radar = component('radar', {
      consumesDatasets: [{ dataset: flights }],
    });
    await backend.publish([
      dataset('flights'),
      component('other', {
        consumesDatasets: [{ dataset: flights, fields: ['id'] }],
      }),
      {
        ...radar,
        metadata: {
          ...radar.metadata,
          annotations: {
            'backstage.io/source-location': `url:${source}`,
            'dataset-migrations/field-use': 'complete',
          },
        },
      },
    ]);
    await poll('what radar reads', async () => {
      const { consumer } = await verdictOf('radar');
      return consumer?.fields !== undefined;
    });
  });
  afterAll(async () => {
    await backend.stop();
    await knex.destroy();
  });

  async function verdictOf(name: string) {
    const { items } = await backend
      .as('amelia')
      .getConsumers(flights, { targetVersion: '2.0.0' })
      .catch(() => ({ items: [] }));
    return (
      items.find(
        ({ consumer }) => consumer.entityRef === `component:default/${name}`,
      ) ?? { consumer: undefined, verdict: undefined, reasons: [] }
    );
  }

  const asService = (subject: string) => ({
    authorization: mockCredentials.service.header({
      onBehalfOf: mockCredentials.service(subject),
      targetPluginId: 'dataset-migrations',
    }),
  });

  const report = (
    body: unknown,
    headers: Record<string, string> = asUser('grace'),
    name = 'other',
  ) =>
    fetch(`${backend.api}/consumers/component/default/${name}/lineage`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  const event = (field: string, hour: number, namespace = 'airflow') => ({
    eventType: 'COMPLETE',
    eventTime: `2026-11-01T${String(hour).padStart(2, '0')}:00:00Z`,
    run: { runId: `run-${hour}` },
    job: { namespace, name: 'other.daily' },
    inputs: [{ namespace: 'x', name: 'wh.public.flights' }],
    outputs: [
      {
        namespace: 'x',
        name: 'wh.public.out',
        facets: {
          columnLineage: {
            fields: {
              out: {
                inputFields: [
                  { namespace: 'x', name: 'wh.public.flights', field },
                ],
              },
            },
          },
        },
      },
    ],
  });

  it('judges a consumer by the SQL in its source, and names file and line', async () => {
    expect(await verdictOf('radar')).toMatchObject({
      verdict: 'breaks',
      reasons: ['reads `delay` (sql/late.sql:2), renamed to `arrival_delay`'],
      consumer: {
        fields: ['delay'],
        evidence: [
          { by: 'parsed', field: 'delay', file: 'sql/late.sql', line: 2 },
        ],
        scan: { url: source, revision: sql, checkedAt: expect.any(String) },
      },
    });
  });

  it('lets a blocked migration go on when the source has changed', async () => {
    await report(event('id', 1));
    const amelia = backend.as('amelia');
    const { id } = await amelia.startMigration({
      datasetRef: flights,
      targetVersion: '2.0.0',
      policy: 'switch',
    });
    await poll('the block', async () => {
      const { state, error } = await amelia.getMigration(id);
      return (
        state === 'blocked' && /sql\/late\.sql:2/.test(error?.message ?? '')
      );
    });
    sql = 'select id from flights';
    await poll('the end', async () => {
      const { state } = await amelia.getMigration(id);
      return state === 'succeeded';
    });
    expect((await amelia.getMigration(id)).state).toBe('succeeded');
  });

  it('takes run events, the newest of a job, and audits it', async () => {
    const first = await report(event('id', 3));
    expect([first.status, await first.json()]).toEqual([
      200,
      { accepted: [{ datasetRef: flights, fields: ['id'] }], ignored: [] },
    ]);
    expect(await (await report(event('id', 2))).json()).toEqual({
      accepted: [],
      ignored: ['a run of airflow/other.daily that is no older is known'],
    });
    expect(
      await (await report({ ...event('id', 4), eventType: 'FAIL' })).json(),
    ).toEqual({ accepted: [], ignored: ['its eventType is FAIL'] });
    const { items } = await backend.as('amelia').getConsumers(flights);
    expect(
      items.find(({ consumer }) => consumer.entityRef.endsWith('/other'))
        ?.consumer.evidence,
    ).toEqual([
      { by: 'declared', field: 'id' },
      {
        by: 'observed',
        field: 'id',
        job: 'airflow/other.daily',
        at: '2026-11-01T03:00:00.000Z',
      },
    ]);
    expect(backend.audits).toContainEqual({
      eventId: 'lineage-report',
      meta: {
        consumerRef: 'component:default/other',
        job: 'airflow/other.daily',
        runId: 'run-3',
      },
      outcome: 'success',
    });
  });

  it('takes them from services for the consumers and jobs that are listed', async () => {
    const airflow = asService('external:airflow');
    expect((await report(event('id', 6), airflow)).status).toBe(200);
    const refused = [
      await report(event('id', 7), asService('external:dagster')),
      await report(event('id', 7), airflow, 'radar'),
      await report(event('id', 7, 'dagster'), airflow),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403]);
    const { error } = await refused[2].json();
    expect(error.message).toBe(
      "'external:airflow' may not report runs of jobs of 'dagster' for 'component:default/other': datasetMigrations.fieldUse.lineage.reporters does not list it",
    );
  });

  it('takes them from nobody who may not report', async () => {
    const refused = await report(event('id', 5), asUser('amelia'));
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({
        error: expect.objectContaining({
          message: "The permission 'dataset.lineage.report' is needed",
        }),
      }),
    ]);
  });

  it.each<[string, unknown, number, RegExp]>([
    ['no JSON', '{"job": ', 400, /JSON|request/i],
    ['a list', [], 400, /object/],
    ['nothing in it', {}, 400, /job must be an object, not nothing/],
    [
      'a time that is none',
      { ...event('id', 1), eventTime: 'now' },
      400,
      /eventTime must be a time .*not "now"/,
    ],
    [
      'very much',
      { ...event('id', 1), x: 'x'.repeat(2_000_000) },
      400,
      /too large/,
    ],
  ])('G10: refuses an event with %s', async (_what, body, status, message) => {
    const answer = await report(body);
    expect(answer.status).toBe(status);
    expect((await answer.json()).error.message).toMatch(message);
  });

  it('knows no consumer that there is not', async () => {
    expect(
      (await report(event('id', 1), asUser('grace'), 'nobody')).status,
    ).toBe(404);
  });
});
