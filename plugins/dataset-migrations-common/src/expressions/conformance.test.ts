import { InputError } from '@backstage/errors';
import fc from 'fast-check';
import { Client } from 'pg';
import { formatFieldType } from '../contracts/formatFieldType';
import { FieldType } from '../contracts/types';
import { caseExpressions, caseFields, caseRows } from '../testUtils';
import { arbitraryExpression } from '../__testUtils__/arbitraryExpression';
import {
  evaluateExpression,
  Row,
  RowValue,
  sameValue,
} from './evaluate/evaluateExpression';
import { operandsOf } from './inspectExpression';
import { parseExpression } from './parseExpression';
import { initPlanning } from './parser/sqlParser';
import { printExpression } from './printExpression';
import { Expression } from './types';

/**
 * The evaluator and PostgreSQL, side by side. What people read of an expression
 * is PostgreSQL's own SQL, so that the server can compute the printed text.
 */
const server = process.env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING;

const FAILED = Symbol('failed');
const SKIPPED = Symbol('skipped');
type Outcome = RowValue | typeof FAILED | typeof SKIPPED;

function evaluated(expression: Expression, row: Row): Outcome {
  try {
    return evaluateExpression(expression, row);
  } catch (error) {
    if (error instanceof InputError) {
      return FAILED;
    }
    throw error;
  }
}

function column(name: string, value: RowValue, type: FieldType): string {
  const literal =
    value === null ? 'null' : `'${String(value).replace(/'/g, "''")}'`;
  return `cast(${literal} as ${formatFieldType(type)}) as "${name}"`;
}

async function asked(
  client: Client,
  expression: Expression,
  row: Row,
): Promise<Outcome> {
  const columns = caseFields.map(field =>
    column(field.name, row[field.name], field.type),
  );
  try {
    const { rows } = await client.query(
      `select (${printExpression(
        expression,
      )})::text as value from (select ${columns.join(', ')}) as source`,
    );
    return rows[0].value;
  } catch (error) {
    // Class 22 is "data exception": what a row's values cause.
    if (String((error as { code?: string }).code).startsWith('22')) {
      return FAILED;
    }
    // 42846: PostgreSQL has no such cast, as from bigint to boolean.
    if ((error as { code?: string }).code === '42846') {
      return SKIPPED;
    }
    throw error;
  }
}

/** Of texts for other types we take fewer spellings than PostgreSQL does. */
function readsText(expression: Expression): boolean {
  return (
    (expression.op === 'cast' && expression.operand.type.kind === 'string') ||
    operandsOf(expression).some(readsText)
  );
}

/**
 * Results of CASE and coalesce get one precision here, and none in PostgreSQL,
 * which shows in the zeros at the end of their text.
 */
function showsZeros(expression: Expression): boolean {
  const mixes = (node: Expression): boolean =>
    node.op === 'case' ||
    (node.op === 'call' && node.function === 'coalesce') ||
    operandsOf(node).some(mixes);
  return (
    (expression.op === 'cast' &&
      expression.type.kind === 'string' &&
      expression.operand.type.kind === 'decimal' &&
      mixes(expression.operand)) ||
    operandsOf(expression).some(showsZeros)
  );
}

function agree(a: Outcome, b: Outcome, type: FieldType): boolean {
  if (a === SKIPPED || b === SKIPPED) {
    return true;
  }
  if (a === FAILED || b === FAILED) {
    return a === b;
  }
  return type.kind === 'boolean'
    ? String(a) === String(b)
    : sameValue(a, b, type);
}

(server ? describe : describe.skip)('evaluateExpression', () => {
  const database = `skein_expressions_${process.pid}`;
  let admin: Client;
  let client: Client;

  beforeAll(async () => {
    await initPlanning();
    admin = new Client({ connectionString: server });
    await admin.connect();
    // Text in the order of code points, case by Unicode's simple mapping.
    await admin.query(
      `create database ${database} template template0 encoding 'UTF8'
       locale_provider builtin builtin_locale 'C.UTF-8'`,
    );
    const address = new URL(server!);
    address.pathname = `/${database}`;
    client = new Client({ connectionString: address.toString() });
    await client.connect();
    await client.query(`set TimeZone = 'UTC'; set DateStyle = 'ISO'`);
  });

  afterAll(async () => {
    await client.end();
    await admin.query(`drop database ${database} with (force)`);
    await admin.end();
  });

  it.each(caseExpressions)('computes %s as PostgreSQL does', async text => {
    const expression = parseExpression(text, [...caseFields]);
    const differences = [];
    for (const row of caseRows) {
      const ours = evaluated(expression, row);
      const theirs = await asked(client, expression, row);
      if (!agree(ours, theirs, expression.type)) {
        differences.push({ row, ours, theirs });
      }
    }
    expect(differences).toEqual([]);
  });

  it('computes generated expressions as PostgreSQL does', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryExpression([...caseFields]),
        fc.constantFrom(...caseRows),
        async (expression, row) => {
          fc.pre(!showsZeros(expression));
          const ours = evaluated(expression, row);
          const theirs = await asked(client, expression, row);
          const stricter = ours === FAILED && readsText(expression);
          expect({
            text: printExpression(expression),
            ours,
            theirs,
            same: stricter || agree(ours, theirs, expression.type),
          }).toMatchObject({ same: true });
        },
      ),
      { numRuns: 400, seed: 1 },
    );
  });
});

describe('printExpression', () => {
  beforeAll(initPlanning);

  it('prints what parses to the same expression again', () => {
    fc.assert(
      fc.property(arbitraryExpression([...caseFields]), expression => {
        const text = printExpression(expression);
        expect(parseExpression(text, [...caseFields])).toEqual(expression);
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });

  it.each(caseExpressions)('prints %s so that it parses again', text => {
    const expression = parseExpression(text, [...caseFields]);
    expect(
      parseExpression(printExpression(expression), [...caseFields]),
    ).toEqual(expression);
  });
});
