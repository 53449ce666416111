import { QualityRule } from '@skein/backstage-plugin-dataset-migrations-common';
import { copy, field, id, World } from '../__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const never = { operator: 'mustBe', value: 0 };

const quality: QualityRule[] = [
  {
    path: '',
    kind: 'library',
    metric: 'rowCount',
    limit: { operator: 'mustBeBetween', value: [1, 99] },
  },
  {
    path: '',
    kind: 'library',
    metric: 'nullValues',
    field: 'label',
    unit: 'percent',
    limit: { operator: 'mustBeLessThan', value: 10 },
  },
  {
    path: '',
    kind: 'library',
    metric: 'missingValues',
    field: 'label',
    arguments: { missingValues: [null, 'n3', ''] },
    limit: never,
  },
  {
    path: '',
    kind: 'library',
    metric: 'invalidValues',
    field: 'label',
    arguments: { pattern: '^n[0-3]$' },
    limit: never,
  },
  {
    path: '',
    kind: 'library',
    metric: 'duplicateValues',
    field: 'label',
    limit: { operator: 'mustBeLessOrEqualTo', value: 85 },
  },
  {
    path: '',
    kind: 'library',
    metric: 'duplicateValues',
    arguments: { properties: ['label', 'id'] },
    limit: never,
  },
  {
    path: '',
    kind: 'sql',
    name: 'No negative prices',
    field: 'price',
    query: 'SELECT count(*) FROM ${table} WHERE ${column} < 0',
    limit: never,
  },
  {
    path: '',
    kind: 'sql',
    name: 'Mean price',
    query: 'SELECT avg(price) FROM ${object} WHERE label IS NOT NULL',
    limit: { operator: 'mustBeGreaterThan', value: 50 },
  },
  {
    path: '',
    kind: 'sql',
    name: 'Cannot be computed',
    query: 'SELECT count(*) FROM ${object} WHERE 100 / (id - 50) > 3',
    limit: { operator: 'mustBeGreaterOrEqualTo', value: 0 },
  },
];

it('G5: rules of the library and in SQL are measured over all rows', async () => {
  await world.sql(
    `CREATE TABLE measured (id integer PRIMARY KEY, label text, price numeric(8,2), gone text)`,
  );
  await world.sql(
    `INSERT INTO measured SELECT g, CASE WHEN g % 10 <> 0 THEN 'n' || g % 5 END, g - 2.5, 'x' FROM generate_series(1, 100) AS g`,
  );
  const kept = [
    id,
    field('label', 'string'),
    field('price', { kind: 'decimal', precision: 8, scale: 2 }),
  ];
  const run = await world.run({
    table: 'measured',
    from: [...kept, field('gone', 'string')],
    to: kept,
    quality,
    steps: [{ agent: 'drop-field', payload: { field: 'gone' } }],
  });
  const engine = world.engine();
  await copy(engine, run);
  const { ok, mismatches, contractChecks } = await engine.verify(run);
  expect(mismatches).toEqual([]);
  expect(ok).toBe(false);
  const names = new Set(['type', 'required', 'primaryKey', 'unique']);
  expect(
    contractChecks
      .filter(({ rule }) => !names.has(rule))
      .map(check => [check.rule, check.ok, check.violations]),
  ).toEqual([
    ['rowCount mustBeBetween 1 and 99', false, 1],
    ['nullValues mustBeLessThan 10 percent', false, 10],
    ['missingValues mustBe 0', false, 30],
    ['invalidValues mustBe 0', false, 20],
    ['duplicateValues mustBeLessOrEqualTo 85', true, 0],
    ['duplicateValues mustBe 0', true, 0],
    ['No negative prices', false, 2],
    ['Mean price', false, 1],
    ['Cannot be computed', false, 1],
  ]);
});
