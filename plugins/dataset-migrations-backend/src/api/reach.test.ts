import { TestDatabases } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { ReachWave } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import {
  asUser,
  component,
  dataset,
  startBackend,
  TestBackend,
} from '../__testUtils__/testBackend';

jest.setTimeout(180_000);

const ref = (name: string) => `resource:default/${name}`;
const flights = ref('flights');

/** A contract of one version, whose second field has the name. */
function made(
  name: string,
  field: string,
  spec: Entity['spec'],
  owner?: string,
): Entity {
  return dataset(
    name,
    {
      contracts: [
        `
apiVersion: v3.1.0
kind: DataContract
id: ${name}
version: 1.0.0
status: active
servers:
  - { server: test, type: custom }
schema:
  - name: ${name}
    properties:
      - { name: id, logicalType: integer, required: true }
      - { name: ${field}, logicalType: integer, required: true }
`,
      ],
      ...spec,
    },
    owner,
  );
}

describe('the reach of a version', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let backend: TestBackend;

  const reach = (user = 'amelia') =>
    backend.as(user).getReach(flights, { targetVersion: '2.0.0' });

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    backend = await startBackend({ knex });
    const consumes = (name: string, datasetRef: string, fields?: string[]) =>
      component(name, {
        consumesDatasets: [{ dataset: datasetRef, ...(fields && { fields }) }],
      });
    const geo = 'group:default/geo-data';
    await backend.publish([
      // Carl sees what is his.
      dataset('flights', {}, geo),
      consumes('etl', flights),
      consumes('board', flights, ['id']),
      made('secret', 'delay', { dependsOn: ['component:default/etl'] }),
      made('late', 'minutes', { dependsOn: ['component:default/etl'] }, geo),
      consumes('spy', ref('secret'), ['delay']),
      consumes('mailer', ref('late'), ['minutes']),
      made('yearly', 'worst', { dependsOn: ['component:default/spy'] }, geo),
      made('copy', 'delay', { dependsOn: [flights] }, geo),
    ]);
  });
  afterAll(async () => {
    await backend.stop();
    await knex.destroy();
  });

  const inShort = (waves: ReachWave[]) =>
    waves.map(({ consumers, datasets, hidden }) => [
      consumers.map(one => `${one.entityRef.split('/')[1]} ${one.verdict}`),
      datasets.map(one => `${one.entityRef.split('/')[1]} ${one.changes}`),
      hidden.consumers + hidden.datasets,
    ]);

  it('is of waves, by the catalog alone', async () => {
    const { waves, counts, fromVersion, targetVersion, truncated } =
      await reach();
    expect([fromVersion, targetVersion, truncated]).toEqual([
      '1.0.0',
      '2.0.0',
      undefined,
    ]);
    expect(inShort(waves)).toEqual([
      [
        ['board ready', 'etl unknown'],
        ['copy unknown', 'late unknown', 'secret unknown'],
        0,
      ],
      [['mailer unknown', 'spy unknown'], ['yearly unknown'], 0],
    ]);
    expect(counts.datasets).toEqual({ yes: 0, no: 0, unknown: 4 });
    expect(waves[0].datasets[0].through).toEqual([flights]);
    expect(waves[1].datasets[0].through).toEqual(['component:default/spy']);
  });

  it('takes what runs tell of the fields that they write', async () => {
    const event = (hour: number, fields: Record<string, string>) => ({
      eventType: 'COMPLETE',
      eventTime: `2026-11-01T${String(hour).padStart(2, '0')}:00:00Z`,
      run: { runId: `run-${hour}` },
      job: { namespace: 'airflow', name: 'etl' },
      inputs: [],
      outputs: ['late', 'secret'].map(name => ({
        namespace: 'x',
        name: `wh.public.${name}`,
        facets: {
          columnLineage: {
            fields: Object.fromEntries(
              Object.entries(fields).map(([column, field]) => [
                column,
                {
                  inputFields: [
                    { namespace: 'x', name: 'wh.public.flights', field },
                  ],
                },
              ]),
            ),
          },
        },
      })),
    });
    const report = async (body: unknown) => {
      const answer = await fetch(
        `${backend.api}/consumers/component/default/etl/lineage`,
        {
          method: 'POST',
          headers: { ...asUser('grace'), 'content-type': 'application/json' },
          body: JSON.stringify(body),
        },
      );
      return answer.json();
    };
    const changes = async () =>
      Object.fromEntries(
        (await reach()).waves
          .flatMap(wave => wave.datasets)
          .map(one => [one.entityRef.split('/')[1], one.changes]),
      );

    const all = { id: 'id', minutes: 'delay', delay: 'delay' };
    expect(await report(event(2, all))).toEqual({
      accepted: [{ datasetRef: flights, fields: ['delay', 'id'] }],
      written: [
        { datasetRef: ref('late'), fields: ['id', 'minutes'] },
        { datasetRef: ref('secret'), fields: ['delay', 'id'] },
      ],
      ignored: [],
    });
    // The rename ends at the alias `minutes`, and goes on as `delay`.
    expect(await changes()).toEqual({
      copy: 'unknown',
      late: 'no',
      secret: 'yes',
      yearly: 'unknown',
    });
    const { waves } = await reach();
    expect(waves[0].datasets.find(one => one.changes === 'yes')).toMatchObject({
      reasons: [
        '`delay` is made of `delay` of resource:default/flights: renamed to `arrival_delay`',
      ],
      fields: [
        { field: 'delay', from: { datasetRef: flights, field: 'delay' } },
      ],
    });
    expect(waves[1].consumers).toEqual([
      expect.objectContaining({
        entityRef: 'component:default/spy',
        verdict: 'breaks',
        reads: [
          {
            datasetRef: ref('secret'),
            verdict: 'breaks',
            reasons: [
              'reads `delay`, which follows `delay` of resource:default/flights: renamed to `arrival_delay`',
            ],
          },
        ],
      }),
    ]);

    // An older run changes nothing; a newer one of the job takes its place.
    await report(event(1, { id: 'id' }));
    expect((await changes()).late).toBe('no');
    await report(event(3, { id: 'id' }));
    expect(await changes()).toMatchObject({ late: 'unknown' });
    await report(event(4, all));
    expect(await changes()).toMatchObject({ late: 'no' });
  });

  it('counts what the caller may not read, and does not name it', async () => {
    const answer = await reach('carl');
    expect(inShort(answer.waves)).toEqual([
      [['board ready', 'etl breaks'], ['copy unknown', 'late no'], 1],
      [[], ['yearly unknown'], 1],
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/secret|spy/);
    expect(answer.waves[1].datasets[0]).toMatchObject({
      through: [],
      reasons: [
        'who makes it reads a dataset that you may not read, and no run told which of its fields it is made of',
      ],
    });
    await expect(
      backend.as('carl').getReach(ref('secret')),
    ).rejects.toMatchObject({ statusCode: 403 });
  });

  it('is of the next version where none is asked for', async () => {
    const { targetVersion } = await backend.as('amelia').getReach(flights);
    expect(targetVersion).toBe('2.0.0');
    const last = await backend.as('amelia').getReach(ref('late'));
    expect(last.targetVersion).toBeUndefined();
    expect(inShort(last.waves)).toEqual([[['mailer ready'], [], 0]]);
  });

  it.each([
    ['9.9.9', 404],
    ['1.0.0', 400],
    ['two', 400],
    ["2.0.0'; DROP TABLE datasets; --", 400],
    ['2.0.0\u0000', 400],
    [`2.0.0-${'x'.repeat(100)}`, 400],
    ['../../queue', 400],
    ['', 400],
  ])('G10: refuses the version %j', async (targetVersion, status) => {
    const answer = await fetch(
      `${
        backend.api
      }/datasets/resource/default/flights/reach?targetVersion=${encodeURIComponent(
        targetVersion,
      )}`,
      { headers: asUser('amelia') },
    );
    expect(answer.status).toBe(status);
    expect((await answer.json()).error.message).not.toBe('');
  });

  it('knows no dataset that there is not', async () => {
    await expect(
      backend.as('amelia').getReach(ref('nothing')),
    ).rejects.toMatchObject({ statusCode: 404 });
  });
});
