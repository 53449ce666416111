import {
  Field,
  Mapping,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { copy, field, id, migrate, World } from '../__testUtils__/world';
import { condense } from './ranges';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const drop = (name: string) => ({
  agent: 'drop-field',
  payload: { field: name },
});

describe('the contract', () => {
  it('G5: is held against every row of the new version', async () => {
    await world.sql(
      `CREATE TABLE ruled (id integer PRIMARY KEY, state text, price numeric, name text, day date, gone text)`,
    );
    await world.sql(
      `INSERT INTO ruled SELECT g, CASE WHEN g <= 3 THEN 'odd' ELSE 'open' END, g - 3, CASE WHEN g > 1 THEN 'n' || g % 5 END, date '2020-01-01' + g FROM generate_series(1, 100) AS g`,
    );
    const state = field('state', 'string', { enum: ['open', "it's"] });
    const price = field('price', 'decimal', {
      options: { minimum: 0, exclusiveMaximum: 97 },
    });
    const day = field('day', 'date', { options: { maximum: '2020-04-01' } });
    const name = field('name', 'string', { options: { minLength: 3 } });
    const from = [id, state, price, name, day, field('gone', 'string')];
    const run = await world.run({
      table: 'ruled',
      from,
      to: [id, state, price, name, day],
      steps: [drop('gone')],
    });
    const engine = world.engine();
    await copy(engine, run);
    const { ok, mismatches, contractChecks } = await engine.verify(run);
    expect(mismatches).toEqual([]);
    expect(ok).toBe(false);
    const broken = contractChecks
      .filter(check => !check.ok)
      .map(({ rule, field: of, violations }) => [rule, of, violations]);
    expect(broken).toEqual([
      ['enum', 'state', 3],
      ['minimum', 'price', 2],
      ['exclusiveMaximum', 'price', 1],
      ['minLength', 'name', 99],
      ['maximum', 'day', 9],
    ]);
    expect(contractChecks).toContainEqual({
      rule: 'primaryKey',
      field: 'id',
      ok: true,
      violations: 0,
    });
  });

  it('is held against all rows of a change that copies none', async () => {
    await world.sql(`CREATE TABLE renamed (id integer PRIMARY KEY, a text)`);
    await world.sql(
      `INSERT INTO renamed SELECT g, CASE WHEN g > 1990 THEN 'bad' ELSE 'good' END FROM generate_series(1, 2000) AS g`,
    );
    const a = field('a', 'string', { enum: ['good'] });
    const run = await world.run({
      table: 'renamed',
      from: [id, a],
      to: [id, { ...a, name: 'b' }],
      steps: [{ agent: 'rename-field', payload: { from: 'a', to: 'b' } }],
    });
    const engine = world.engine();
    await copy(engine, run);
    const { ok, contractChecks } = await engine.verify(run);
    expect(ok).toBe(false);
    expect(contractChecks).toContainEqual({
      rule: 'enum',
      field: 'b',
      ok: false,
      violations: 10,
    });
  });
});

describe('a difference', () => {
  const fields: Field[] = [
    field('k', 'string', { required: true, primaryKeyPosition: 1 }),
    field('n', 'integer', { required: true, primaryKeyPosition: 2 }),
    field('v', 'string'),
    field('gone', 'string'),
  ];

  async function differing(table: string, ...tampering: string[]) {
    await world.sql(
      `CREATE TABLE ${table} (k text, n integer, v text, gone text, PRIMARY KEY (k, n))`,
    );
    await world.sql(
      `INSERT INTO ${table} SELECT chr(97 + g % 5), g, 'v' || g FROM generate_series(1, 300) AS g`,
    );
    const run = await world.run({
      table,
      from: fields,
      to: fields.slice(0, 3),
      steps: [drop('gone')],
    });
    const engine = world.engine();
    await copy(engine, run);
    const [{ schema }] = await world.sql(
      `SELECT nspname AS schema FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid WHERE relname = $1 AND nspname LIKE 'skein\\_%'`,
      [table],
    );
    for (const statement of tampering) {
      await world.sql(statement.replaceAll('SHADOW', `${schema}.${table}`));
    }
    return engine.verify(run);
  }

  it('G5: is named by the columns of a composite key', async () => {
    const { mismatches } = await differing(
      'composite',
      `UPDATE SHADOW SET v = 'x' WHERE n = 7`,
      `UPDATE SHADOW SET v = NULL WHERE n = 8`,
    );
    expect(mismatches).toEqual([
      {
        column: 'v',
        ranges: ['k, n (c, 7)..(c, 7)', 'k, n (d, 8)..(d, 8)'],
        message: 'v differs in 2 row(s)',
      },
    ]);
  });

  it('G5: of many rows is told in few ranges', async () => {
    const { mismatches } = await differing(
      'many',
      `UPDATE SHADOW SET v = 'x' WHERE n % 2 = 0`,
    );
    expect(mismatches[0].message).toBe('v differs in 150 row(s)');
    expect(mismatches[0].ranges.length).toBeLessThanOrEqual(20);
  });

  it('G5: between the types of the columns is noticed', async () => {
    const { ok, contractChecks } = await differing(
      'retyped',
      `ALTER TABLE SHADOW ALTER n TYPE bigint`,
    );
    expect(ok).toBe(false);
    expect(contractChecks.filter(check => !check.ok)).toEqual([
      { rule: 'type', field: 'n', ok: false, violations: 1 },
    ]);
  });

  it('G5: in a table without a key is named by its column, or at least noticed', async () => {
    const keyless = [
      field('a', 'string'),
      field('b', 'string'),
      field('gone', 'string'),
    ];
    const verifyAfter = async (table: string, tampering: string) => {
      await world.sql(`CREATE TABLE ${table} (a text, b text, gone text)`);
      await world.sql(
        `INSERT INTO ${table} SELECT 'a' || g, 'b' || g FROM generate_series(1, 50) AS g`,
      );
      const run = await world.run({
        table,
        from: keyless,
        to: keyless.slice(0, 2),
        steps: [drop('gone')],
      });
      const engine = world.engine();
      await copy(engine, run);
      const [{ schema }] = await world.sql(
        `SELECT nspname AS schema FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid WHERE relname = $1 AND nspname LIKE 'skein\\_%'`,
        [table],
      );
      await world.sql(tampering.replaceAll('SHADOW', `${schema}.${table}`));
      return engine.verify(run);
    };
    await expect(
      verifyAfter('no_key', `UPDATE SHADOW SET b = 'x' WHERE a = 'a3'`),
    ).resolves.toMatchObject({ ok: false, mismatches: [{ column: 'b' }] });
    await expect(
      verifyAfter(
        'no_key_exchange',
        `UPDATE SHADOW SET b = CASE a WHEN 'a3' THEN 'b4' ELSE 'b3' END WHERE a IN ('a3', 'a4')`,
      ),
    ).resolves.toMatchObject({
      ok: false,
      mismatches: [{ message: expect.stringContaining('exchanged') }],
    });
  });
});

describe('the sample', () => {
  it('G5: notices a mapping that the engine computes in a way of its own', async () => {
    // PostgreSQL reads digits with underscores, the evaluator does not; the
    // preflight says so, and so does the verification where nobody asked it.
    await world.sql(`CREATE TABLE odd (id integer PRIMARY KEY, a text)`);
    await world.sql(
      `INSERT INTO odd SELECT g, g || '_000' FROM generate_series(1, 20) AS g`,
    );
    const run = await world.run({
      table: 'odd',
      from: [id, field('a', 'string')],
      to: [id, field('a', 'integer')],
      steps: [
        { agent: 'cast-type', payload: { field: 'a', onFailure: 'refuse' } },
      ],
    });
    const engine = world.engine();
    await expect(
      engine.preflight({ ...run, samples: 1 }),
    ).resolves.toMatchObject({
      findings: [{ kind: 'cast-fails', field: 'a', rows: 20 }],
    });
    await copy(engine, run);
    const report = await engine.verify(run);
    expect(report.ok).toBe(false);
    expect(report.sourceChecksum).toBe(report.targetChecksum);
    expect(report.mismatches).toEqual([
      {
        column: 'a',
        ranges: expect.arrayContaining([
          expect.stringMatching(/^id \d+\.\.\d+$/),
        ]),
        message: expect.stringContaining('independent computation'),
      },
    ]);
  });

  it('G5: notices a way back that leads to other rows', async () => {
    await world.sql(
      `CREATE TABLE astray (id integer PRIMARY KEY, a text, b text)`,
    );
    await world.sql(
      `INSERT INTO astray SELECT g, g::text, (-g)::text FROM generate_series(1, 20) AS g`,
    );
    const run = await world.run({
      table: 'astray',
      from: [id, field('a', 'string'), field('b', 'string')],
      to: [id, field('a', 'integer'), field('b', 'string')],
      steps: [
        { agent: 'cast-type', payload: { field: 'a', onFailure: 'refuse' } },
      ],
    });
    const engine = world.engine();
    await copy(engine, run);
    await expect(engine.verify(run)).resolves.toMatchObject({ ok: true });
    const wrong = withFieldReadFrom(run.mapping, 'a', 'b');
    const report = await engine.verify({ ...run, mapping: wrong });
    expect(report.ok).toBe(false);
    expect(report.sourceChecksum).toBe(report.targetChecksum);
    expect(report.mismatches).toEqual([
      {
        column: 'a',
        ranges: ['id 1..5'],
        message:
          'a: an independent computation of 5 sampled rows, back to the old version and forth again, changes 5',
      },
    ]);
  });
});

/** A mapping that brings a text field back from another one. */
function withFieldReadFrom(
  mapping: Mapping,
  name: string,
  other: string,
): Mapping {
  const inverse = mapping.inverse!;
  const segments = inverse.segments.map(segment =>
    segment.kind === 'agent'
      ? segment
      : {
          ...segment,
          fields: segment.fields.map(projected =>
            projected.field.name === name
              ? {
                  ...projected,
                  expression: {
                    op: 'field' as const,
                    name: other,
                    type: projected.field.type,
                  },
                }
              : projected,
          ),
        },
  );
  return { ...mapping, inverse: { ...inverse, segments } };
}

describe('condense', () => {
  it.each`
    keys                                            | ranges
    ${[]}                                           | ${[]}
    ${[['7']]}                                      | ${['id 7..7']}
    ${[['7'], ['8'], ['9'], ['11']]}                | ${['id 7..9', 'id 11..11']}
    ${[['-1'], ['0'], ['1']]}                       | ${['id -1..1']}
    ${[['9007199254740993'], ['9007199254740994']]} | ${['id 9007199254740993..9007199254740994']}
    ${[['a'], ['b']]}                               | ${['id a..a', 'id b..b']}
  `('makes $ranges of $keys', ({ keys, ranges }) => {
    expect(condense('id', keys)).toEqual(ranges);
  });
});

describe('a metadata-only change', () => {
  it('is tried out before it is made', async () => {
    await world.sql(
      `CREATE TABLE tried (id integer PRIMARY KEY, a varchar(3))`,
    );
    await world.sql(`INSERT INTO tried VALUES (1, 'x'), (2, NULL)`);
    const run = await world.run({
      table: 'tried',
      from: [id, field('a', { kind: 'string', maxLength: 3 })],
      to: [id, field('b', 'string')],
      steps: [
        { agent: 'rename-field', payload: { from: 'a', to: 'b' } },
        { agent: 'cast-type', payload: { field: 'b', onFailure: 'refuse' } },
      ],
    });
    const engine = world.engine();
    await migrate(engine, run);
    await expect(world.sql('SELECT b FROM tried ORDER BY id')).resolves.toEqual(
      [{ b: 'x' }, { b: null }],
    );
  });
});
