import {
  Expression,
  Field,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  evaluateExpression,
  expressionFunctions,
  formatFieldType,
  parseExpression,
  Row,
  RowValue,
  sameValue,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import {
  caseExpressions,
  caseFields,
  caseRows,
  expressionEdges,
} from '@skein/backstage-plugin-dataset-migrations-common/testUtils';
import { World } from '../__testUtils__/world';
import { ident } from '../connection/sql';
import { castNodes } from './castNodes';
import { emitExpression, EmitScope } from './emitExpression';
import { knownFunctions } from './functions';

const fields: Field[] = [...caseFields];

const nulls: Row = Object.fromEntries(fields.map(({ name }) => [name, null]));

/** The rows of the cases, then those of the edges. */
const rows: Row[] = [
  ...caseRows,
  ...expressionEdges.map(({ row }) => ({ ...nulls, ...row })),
];

/** Casts that a step makes, and that no text of an owner can. */
const shortened = new Map<string, Expression>(
  (['name', 'whole', 'code'] as const).map(name => [
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

let world: World;
let scope: EmitScope;

beforeAll(async () => {
  world = await World.create();
  await world.sql(`SET timezone = 'UTC'`);
  await world.sql(
    `CREATE TABLE e (row integer, ${fields
      .map(({ name, type }) => `${ident(name)} ${formatFieldType(type)}`)
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

  it.each([...caseExpressions, ...shortened.keys()])(
    'makes of `%s` what the evaluator makes of it',
    async text => {
      const expression = parse(text);
      for (const [index, row] of caseRows.entries()) {
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

  it.each(
    expressionEdges.map((edge, index) => ({
      ...edge,
      of: JSON.stringify(edge.row),
      index: caseRows.length + index,
    })),
  )('makes of $text of $of the one value', async ({ text, value, index }) => {
    const expression = parse(text);
    const found = await inDatabase(expression, index);
    const agree =
      typeof value === 'object' && value !== null
        ? found === 'an error'
        : typeof found === 'object' &&
          sameValue(found.value, value, expression.type);
    expect([found, agree]).toEqual([found, true]);
  });

  it.each([
    ...caseExpressions.filter(text => /^\w+::[^:]+$/.test(text)),
    ...shortened.keys(),
  ])('makes NULL of what `%s` cannot cast, when it may', async text => {
    const strict = parse(text);
    for (const [index, row] of caseRows.entries()) {
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
      "case when name = 'NA' then 0 when whole > 1 then cast(name as integer) else cast(code as integer) end",
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
