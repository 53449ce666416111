import { readFileSync } from 'fs';
import { resolve } from 'path';
import {
  createPlan,
  parseContract,
  parseMigrationDocument,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { mockLogger } from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { migrate, World } from './__testUtils__/world';

const root = resolve(__dirname, '../../..');
const demo = (path: string) =>
  readFileSync(resolve(root, 'examples/catalog/datasets', path), 'utf8');

let world: World;

beforeAll(async () => {
  world = await World.create();
  await world.sql(
    `CREATE TABLE zipcodes (zip_code text PRIMARY KEY, latitude double precision NOT NULL,
       longitude double precision NOT NULL, city text NOT NULL, state text NOT NULL, county text)`,
  );
  const lines = readFileSync(
    resolve(root, 'node_modules/vega-datasets/data/zipcodes.csv'),
    'utf8',
  )
    .trim()
    .split(/\r?\n/)
    .slice(1);
  // No field of this file has a comma or a quote in it.
  const rows = lines.map(line => line.split(','));
  await world.sql(
    `INSERT INTO zipcodes SELECT row ->> 0, (row ->> 1)::float8, (row ->> 2)::float8, row ->> 3, row ->> 4, row ->> 5
     FROM jsonb_array_elements($1) AS row`,
    [JSON.stringify(rows)],
  );
  await world.sql('CREATE TABLE original AS TABLE zipcodes');
});
afterAll(() => world.dispose());

describe('the zip codes of the demo', () => {
  it('are migrated by their contracts, row for row, and back', async () => {
    const from = parseContract(demo('contracts/zipcodes-1.0.0.odcs.yaml'));
    const to = parseContract(demo('contracts/zipcodes-2.0.0.odcs.yaml'));
    const { mapping } = createPlan({
      from,
      to,
      document: parseMigrationDocument(demo('migrations/zipcodes-1-to-2.yaml')),
    });
    const engine = world.engine({ settings: { chunkRows: 10_000 } });
    const location = await engine.locate({
      entityRef: 'resource:default/zipcodes',
      owner: 'group:default/owners',
      contract: from,
    });
    const run: EngineRun = {
      migrationId: 'zipcodes',
      location: location!,
      fromVersion: '1.0.0',
      toVersion: '2.0.0',
      policy: 'switch',
      mapping,
      sourceContract: from,
      targetContract: to,
      fence: 1,
      signal: new AbortController().signal,
      logger: mockLogger(),
      agents: { run: () => Promise.reject(new Error('There are no agents')) },
    };
    await expect(
      engine.preflight({ ...run, samples: 3 }),
    ).resolves.toMatchObject({ findings: [] });
    await migrate(engine, run);

    const expected = `SELECT zip_code AS postal_code, latitude::numeric(9,6), longitude::numeric(9,6), city, state, county,
      'US'::text AS country, city || ', ' || state AS place FROM original`;
    const actual = `SELECT postal_code, latitude, longitude, city, state, county, country, place FROM zipcodes`;
    await expect(
      world.sql(
        `SELECT (SELECT count(*)::int FROM zipcodes) AS rows,
           (SELECT count(*)::int FROM (${expected} EXCEPT ALL ${actual}) AS m) AS missing,
           (SELECT count(*)::int FROM (${actual} EXCEPT ALL ${expected}) AS s) AS surplus`,
      ),
    ).resolves.toEqual([{ rows: 42049, missing: 0, surplus: 0 }]);

    await engine.rollback(run);
    await expect(
      world.sql(
        `SELECT count(*)::int AS different FROM (TABLE original EXCEPT ALL TABLE zipcodes) AS d`,
      ),
    ).resolves.toEqual([{ different: 0 }]);
  });
});
