import { mkdir, rename } from 'fs/promises';
import path from 'path';
import { Expression } from '@skein/backstage-plugin-dataset-migrations-common';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { query } from './__testUtils__/independentReader';
import { filesBelow } from './__testUtils__/publishedFiles';
import {
  World,
  contract,
  copyAll,
  field,
  integer,
  locateOrFail,
  makeRun,
  makeWorld,
  mappingOf,
  text,
  usePool,
} from './__testUtils__/world';

const oneMore = (left: Expression): Expression => ({
  op: 'binary',
  operator: '+',
  left,
  right: { op: 'literal', value: '1', type: integer },
  type: integer,
});

// Processes are started, and the machine may be busy.
jest.setTimeout(60_000);

const pool = usePool();

/** Rows 0 to 2999 in three parts of a thousand, none of them with a key. */
describe('G5: verification without a key', () => {
  let world: World;
  let run: EngineRun;

  beforeEach(async () => {
    world = await makeWorld({ pool: pool() });
    const folder = path.join(world.root, 'data');
    await mkdir(folder);
    await query(
      `COPY (SELECT CAST(i % 10 AS INTEGER) AS a, CASE WHEN i % 5 = 0 THEN NULL ELSE 'n' || i % 7 END AS b FROM range(3000) t(i)) TO '${folder}/a.parquet' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
    );
    const from = contract(
      '1.0.0',
      [field('a', integer), field('b', text)],
      'data',
      { format: 'parquet' },
    );
    const to = contract(
      '2.0.0',
      [
        field('a', integer, { enum: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }),
        field('b', text),
        field('c', { kind: 'string', maxLength: 2 }, { required: true }),
      ],
      'data',
      { format: 'parquet' },
    );
    const mapping = mappingOf(from, to, [
      {
        agent: 'derive-field',
        payload: { field: 'c', expression: "'x' || cast(a as text)" },
      },
    ]);
    const location = await locateOrFail(world.engine, from);
    run = makeRun(location, from, to, mapping);
    await copyAll(world.engine, run);
  });

  afterEach(() => world.close());

  /** Rewrites the second part, whose columns are a, b, c and its row r. */
  async function corrupt(select: string): Promise<void> {
    const [, part] = (
      await filesBelow(path.join(world.root, 'data/_skein/versions'))
    ).sort();
    await query(
      `COPY (WITH part AS (SELECT *, file_row_number AS r FROM read_parquet('${part}', file_row_number = true)) ${select}) TO '${part}.aside' (FORMAT parquet)`,
    );
    await rename(`${part}.aside`, part);
  }

  const keep = (changed: string) =>
    `SELECT * EXCLUDE (r, file_row_number) REPLACE (${changed}) FROM part ORDER BY r`;

  it.each([
    [
      'an altered value',
      keep('CASE WHEN r = 17 THEN 5 ELSE a END AS a'),
      'a',
      ['17..17'],
    ],
    [
      'NULL that became an empty text',
      keep("CASE WHEN r IN (20, 25) THEN '' ELSE b END AS b"),
      'b',
      ['20..20', '25..25'],
    ],
    [
      'a value exchanged between two rows',
      keep(
        'CASE r WHEN 31 THEN (SELECT a FROM part WHERE r = 40) WHEN 40 THEN (SELECT a FROM part WHERE r = 31) ELSE a END AS a',
      ),
      'a',
      ['31..31', '40..40'],
    ],
    [
      'a run of wrong values',
      keep("CASE WHEN r BETWEEN 100 AND 199 THEN 'x?' ELSE c END AS c"),
      'c',
      ['100..199'],
    ],
  ])('names column and rows of %s', async (_what, select, column, ranges) => {
    await corrupt(select);
    const report = await world.engine.verify(run);
    expect(report.ok).toBe(false);
    expect(report.sourceChecksum).not.toBe(report.targetChecksum);
    expect(report.mismatches).toEqual([
      {
        column,
        ranges: ranges.map(range => `part-00002.parquet, row ${range}`),
        message: expect.stringContaining(`'${column}'`),
      },
    ]);
    expect(report.columns.filter(({ ok }) => !ok)).toEqual([
      { name: column, ok: false },
    ]);
  });

  it.each([
    {
      what: 'a row that is missing',
      rows: 'SELECT * FROM part WHERE r <> 3',
      targetRows: 2999,
      range: 'part-00002.parquet, row 3..3',
      message: 'part-00002.parquet lacks rows of the source',
    },
    {
      what: 'a row that is there twice',
      rows: 'SELECT * FROM part UNION ALL SELECT * FROM part WHERE r = 17',
      targetRows: 3001,
      range: 'part-00002.parquet, row 17..17',
      message:
        'part-00002.parquet has rows that the source has not, or not as often',
    },
  ])('names $what', async ({ rows, targetRows, range, message }) => {
    await corrupt(`SELECT a, b, c FROM (${rows}) ORDER BY r`);
    await expect(world.engine.verify(run)).resolves.toMatchObject({
      ok: false,
      sourceRows: 3000,
      targetRows,
      mismatches: [{ ranges: [range], message }],
    });
  });

  it('names what breaks the contract', async () => {
    await corrupt(
      keep(
        "CASE WHEN r < 4 THEN NULL WHEN r < 6 THEN 'long' ELSE c END AS c, CASE WHEN r = 1 THEN 77 ELSE a END AS a",
      ),
    );
    const { contractChecks } = await world.engine.verify(run);
    expect(contractChecks).toEqual([
      { rule: 'required', field: 'c', ok: false, violations: 4 },
      { rule: 'enum', field: 'a', ok: false, violations: 1 },
      { rule: 'maxLength', field: 'c', ok: false, violations: 2 },
    ]);
  });

  it('notices a way back that leads to other rows', async () => {
    const inverse = run.mapping.inverse!;
    const wrong = inverse.segments.map(segment =>
      segment.kind === 'agent'
        ? segment
        : {
            ...segment,
            fields: segment.fields.map(projected =>
              projected.field.name === 'a'
                ? { ...projected, expression: oneMore(projected.expression) }
                : projected,
            ),
          },
    );
    await expect(world.engine.verify(run)).resolves.toMatchObject({ ok: true });
    run.mapping.inverse = { ...inverse, segments: wrong };
    const report = await world.engine.verify(run);
    expect(report.ok).toBe(false);
    expect(report.sourceChecksum).toBe(report.targetChecksum);
    expect(report.columns.filter(({ ok }) => !ok)).toEqual([
      { name: 'a', ok: false },
    ]);
    expect(report.mismatches[0].message).toBe(
      "'a' is not the same after the way back to the old version and forth again",
    );
  });

  it('measures the rules of the library and in SQL over all parts', async () => {
    const never = { operator: 'mustBe', value: 0 };
    const missing = { missingValues: [null, 'n6'] };
    run.targetContract.schema.quality = [
      {
        path: '',
        kind: 'library',
        metric: 'rowCount',
        limit: { operator: 'mustBe', value: 3000 },
      },
      {
        path: '',
        kind: 'library',
        metric: 'nullValues',
        field: 'b',
        unit: 'percent',
        limit: { operator: 'mustBeLessOrEqualTo', value: 19 },
      },
      {
        path: '',
        kind: 'library',
        metric: 'missingValues',
        field: 'b',
        arguments: missing,
        limit: never,
      },
      {
        path: '',
        kind: 'library',
        metric: 'invalidValues',
        field: 'b',
        arguments: { pattern: '^n[0-5]$' },
        limit: never,
      },
      {
        path: '',
        kind: 'library',
        metric: 'duplicateValues',
        arguments: { properties: ['a', 'b'] },
        limit: { operator: 'mustBeGreaterThan', value: 2300 },
      },
      {
        path: '',
        kind: 'sql',
        name: 'Sum of all parts',
        field: 'a',
        query: 'SELECT sum(${column}) FROM ${table} WHERE b IS NULL',
        limit: { operator: 'mustBe', value: 1500 },
      },
      {
        path: '',
        kind: 'sql',
        name: 'Distinct over all parts',
        query: 'SELECT count(DISTINCT b) FROM ${object}',
        limit: { operator: 'mustBe', value: 7 },
      },
      {
        path: '',
        kind: 'sql',
        name: 'Cannot be computed',
        query: 'SELECT count(*) FROM ${object} WHERE 100 / a > 3',
        limit: { operator: 'mustBeGreaterOrEqualTo', value: 0 },
      },
    ];
    const { contractChecks } = await world.engine.verify(run);
    const [{ n6, nulls }] = await query(
      `SELECT count(*) FILTER (WHERE i % 5 <> 0 AND i % 7 = 6) AS n6, count(*) FILTER (WHERE i % 5 = 0) AS nulls FROM range(3000) t(i)`,
    );
    expect(
      contractChecks
        .slice(-8)
        .map(check => [check.rule, check.ok, check.violations]),
    ).toEqual([
      ['rowCount mustBe 3000', true, 0],
      ['nullValues mustBeLessOrEqualTo 19 percent', false, Number(nulls)],
      ['missingValues mustBe 0', false, Number(n6) + Number(nulls)],
      ['invalidValues mustBe 0', false, Number(n6)],
      ['duplicateValues mustBeGreaterThan 2300', true, 0],
      ['Sum of all parts', true, 0],
      ['Distinct over all parts', true, 0],
      ['Cannot be computed', false, 1],
    ]);
  });

  it('reports a part that lost a column, or is no file of its format', async () => {
    await corrupt('SELECT a, c FROM part ORDER BY r');
    const { ok, mismatches } = await world.engine.verify(run);
    expect(ok).toBe(false);
    expect(mismatches[0].message).toContain("lacks the column 'b'");
  });

  it('cuts nothing over after a part was touched, verified or not', async () => {
    await world.engine.verify(run);
    await corrupt(keep('a AS a'));
    await expect(world.engine.cutOver(run)).rejects.toMatchObject({
      name: 'VerificationError',
    });
    await expect(world.engine.phase(run)).resolves.toBe('copied');
  });
});
