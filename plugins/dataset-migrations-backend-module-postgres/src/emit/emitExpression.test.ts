import {
  Expression,
  Field,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  evaluateExpression,
  expressionFunctions,
  parseExpression,
  Row,
  RowValue,
  sameValue,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { field, World } from '../__testUtils__/world';
import { ident } from '../connection/sql';
import { castNodes } from './castNodes';
import { emitExpression, EmitScope } from './emitExpression';
import { knownFunctions } from './functions';

const fields: Field[] = [
  field('t', 'string'),
  field('v', { kind: 'string', maxLength: 5 }),
  field('s', { kind: 'integer', bits: 16 }),
  field('i', 'integer'),
  field('b', { kind: 'integer', bits: 64 }),
  field('n', { kind: 'decimal', precision: 12, scale: 3 }),
  field('f', 'float'),
  field('d', 'date'),
  field('ts', { kind: 'timestamp', zone: false }),
  field('tz', 'timestamp'),
  field('yes', 'boolean'),
];

const rows: Row[] = [
  {
    t: 'Añ-b-c ',
    v: 'ab',
    s: '-7',
    i: '7',
    b: '9007199254740993',
    n: '2.500',
    f: '2.5',
    d: '2020-02-29',
    ts: '2020-02-29T23:59:59.5',
    tz: '2020-12-31T23:30:00Z',
    yes: true,
  },
  {
    t: '12.7',
    v: "it's",
    s: '32767',
    i: '-2147483648',
    b: '0',
    n: '-0.005',
    f: '-1.5',
    d: '1999-12-31',
    ts: '2000-01-01T00:00:00',
    tz: '1970-01-01T00:00:00Z',
    yes: false,
  },
  {
    t: '42',
    v: 'STRAẞ',
    s: '0',
    i: '0',
    b: '-5',
    n: '999999999.999',
    f: '0.1',
    d: '2024-01-01',
    ts: '2024-07-15T12:34:56.789012',
    tz: '2024-07-15T12:34:56.789012Z',
    yes: null,
  },
  Object.fromEntries(fields.map(({ name }) => [name, null])),
];

const expressions = [
  't',
  "t || '-' || v",
  'lower(t)',
  'upper(v)',
  "trim(t)||'|'",
  "ltrim(t, 'A')",
  "rtrim(v, 'b')",
  'length(t)',
  'substring(t, 2, 3)',
  'substring(t, 3)',
  'left(t, 2)',
  'right(t, 2)',
  "replace(t, '-', '::')",
  "split_part(t, '-', 2)",
  "lpad(v, 4, '*')",
  "rpad(v, 8, 'xy')",
  "concat(t, v, 'z')",
  "coalesce(v, t, 'none')",
  "nullif(v, 'ab')",
  'abs(s)',
  'abs(n)',
  'round(n)',
  'round(n, 1)',
  'round(f)',
  'floor(n)',
  'ceil(f)',
  'extract(year from d)',
  'extract(dow from ts)',
  'extract(week from d)',
  'extract(hour from tz)',
  "date_trunc('month', ts)",
  "date_trunc('week', ts)",
  'make_date(2020, 2, i)',
  'i / 2',
  'i % 4',
  's * 2',
  'b + 1',
  'n * 2',
  'n + i',
  'f / 3',
  '- n',
  '7 / 2',
  'i / 0',
  'i > 0 and yes',
  'i > 0 or yes',
  'not yes',
  'yes is null',
  't < v',
  "t = '42'",
  'd < ts',
  "case when i > 0 then 'late' when i < 0 then 'early' end",
  'case when yes then n else 0 end',
  'cast(t as integer)',
  'cast(t as numeric(6,1))',
  'cast(t as double precision)',
  'cast(t as boolean)',
  'cast(t as date)',
  'cast(n as integer)',
  'cast(f as integer)',
  'cast(f as numeric(10,2))',
  'cast(n as double precision)',
  'cast(n as numeric(5,2))',
  'cast(b as smallint)',
  'cast(i as boolean)',
  'cast(yes as integer)',
  'cast(yes as bigint)',
  'cast(yes as text)',
  'cast(n as text)',
  'cast(d as text)',
  'cast(ts as text)',
  'cast(tz as text)',
  'cast(ts as date)',
  'cast(ts as time)',
  'cast(d as timestamp)',
  'cast(tz as timestamp)',
];

/** Casts that a step makes, and that no text of an owner can. */
const shortened = new Map<string, Expression>(
  (['t', 'i', 'v'] as const).map(name => [
    `${name} to varchar(3)`,
    {
      op: 'cast',
      operand: parseField(name),
      type: { kind: 'string', maxLength: 3 },
      onFailure: 'refuse',
    },
  ]),
);

function parseField(name: string): Expression {
  const { type } = fields.find(other => other.name === name)!;
  return { op: 'field', name, type };
}

const parse = (text: string) =>
  shortened.get(text) ?? parseExpression(text, fields);

const types: Record<string, string> = {
  t: 'text',
  v: 'varchar(5)',
  s: 'smallint',
  i: 'integer',
  b: 'bigint',
  n: 'numeric(12,3)',
  f: 'double precision',
  d: 'date',
  ts: 'timestamp',
  tz: 'timestamptz',
  yes: 'boolean',
};

let world: World;
let scope: EmitScope;

beforeAll(async () => {
  world = await World.create();
  await world.sql(`SET timezone = 'UTC'`);
  await world.sql(
    `CREATE TABLE e (row integer, ${fields
      .map(({ name }) => `${ident(name)} ${types[name]}`)
      .join(', ')})`,
  );
  for (const [index, row] of rows.entries()) {
    await world.sql(
      `INSERT INTO e VALUES (${index}, ${fields
        .map((_, at) => `$${at + 1}`)
        .join(', ')})`,
      fields.map(({ name }) => row[name]),
    );
  }
  const columns = await world.sql(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'e'::regclass`,
  );
  scope = {
    relation: 'e',
    columns: new Map(
      columns.map(({ name, type }) => [
        name,
        { column: name, physicalType: type },
      ]),
    ),
  };
});

afterAll(() => world.dispose());

type Outcome = { value: RowValue } | 'an error';

async function inDatabase(
  expression: Expression,
  row: number,
  lenient?: boolean,
): Promise<Outcome> {
  const sql = emitExpression(expression, { ...scope, lenient });
  try {
    const [{ value }] = await world.sql(
      `SELECT (${sql})::text AS value FROM e WHERE row = ${row}`,
    );
    const isBoolean = expression.type.kind === 'boolean' && value !== null;
    return { value: isBoolean ? value === 'true' : value };
  } catch (error) {
    return 'an error';
  }
}

function independently(expression: Expression, row: Row): Outcome {
  try {
    return { value: evaluateExpression(expression, row) };
  } catch (error) {
    return 'an error';
  }
}

describe('emitExpression', () => {
  it('computes every function that expressions may call', () => {
    expect([...knownFunctions].sort()).toEqual(
      expressionFunctions.map(({ name }) => name).sort(),
    );
  });

  it.each([...expressions, ...shortened.keys()])(
    'makes of `%s` what the evaluator makes of it',
    async text => {
      const expression = parse(text);
      for (const [index, row] of rows.entries()) {
        const expected = independently(expression, row);
        const actual = await inDatabase(expression, index);
        const agree =
          typeof expected === 'object' && typeof actual === 'object'
            ? sameValue(expected.value, actual.value, expression.type)
            : expected === actual;
        expect({ index, agree, expected, actual }).toMatchObject({
          agree: true,
        });
      }
    },
  );

  it.each([
    ...expressions.filter(text => text.startsWith('cast(')),
    ...shortened.keys(),
  ])('makes NULL of what `%s` cannot cast, when it may', async text => {
    const strict = parse(text);
    for (const [index, row] of rows.entries()) {
      const expected = independently(strict, row);
      const actual = await inDatabase(strict, index, true);
      expect(actual).toEqual(
        expected === 'an error'
          ? { value: null }
          : await inDatabase(strict, index),
      );
    }
  });

  it('G10: quotes whatever a name or a literal holds', async () => {
    const nasty = `a"b'; DROP TABLE e; --\\`;
    const sql = emitExpression(
      {
        op: 'binary',
        operator: '||',
        left: { op: 'field', name: 'x', type: { kind: 'string' } },
        right: { op: 'literal', value: nasty, type: { kind: 'string' } },
        type: { kind: 'string' },
      },
      {
        relation: 'r',
        columns: new Map([['x', { column: `t"'; --`, physicalType: 'text' }]]),
      },
    );
    const [{ value }] = await world.sql(
      `SELECT ${sql} AS value FROM (SELECT 'x'::text AS ${ident(
        `t"'; --`,
      )}) AS r`,
    );
    expect(value).toBe(`x${nasty}`);
  });

  it('refuses functions and fields that it does not know', () => {
    const text = { kind: 'string' } as const;
    expect(() =>
      emitExpression(
        { op: 'call', function: 'pg_sleep', args: [], type: text },
        scope,
      ),
    ).toThrow('pg_sleep');
    expect(() =>
      emitExpression(
        { op: 'call', function: 'constructor', args: [], type: text },
        scope,
      ),
    ).toThrow('constructor');
    expect(() =>
      emitExpression({ op: 'field', name: 'nowhere', type: text }, scope),
    ).toThrow('nowhere');
  });
});

describe('castNodes', () => {
  it('knows what must hold for a cast to be reached', () => {
    const expression = parseExpression(
      "case when t = 'NA' then 0 when i > 1 then cast(t as integer) else cast(v as integer) end",
      fields,
    );
    const reached = castNodes(expression).map(({ guards }) =>
      guards.map(({ holds }) => holds),
    );
    expect(reached).toEqual([
      [false, true],
      [false, false],
    ]);
  });
});
