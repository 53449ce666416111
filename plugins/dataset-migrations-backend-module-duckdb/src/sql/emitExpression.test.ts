import { InputError } from '@backstage/errors';
import fc from 'fast-check';
import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import path from 'path';
import { Expression } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  Row,
  RowValue,
  evaluateExpression,
  initPlanning,
  parseExpression,
  sameValue,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import {
  caseExpressions,
  caseFields,
  caseRows,
  expressionEdges,
} from '@skein/backstage-plugin-dataset-migrations-common/testUtils';
import { DuckDbPool } from '../process/DuckDbPool';
import { spell } from '../relations/spell';
import { failsAt } from '../steps/explainFailure';
import { emitExpression, emitLiteral } from './emitExpression';
import { ident } from './quote';
import { Scope } from './Scope';
import { UnsupportedError } from './UnsupportedError';

// Processes are started, and the machine may be busy.
jest.setTimeout(60_000);

const FAILED = 'FAILED';
const fields = [...caseFields];

function evaluated(expression: Expression, row: Row): RowValue | symbol {
  try {
    return evaluateExpression(expression, row);
  } catch (error) {
    if (error instanceof InputError) {
      return Symbol.for(FAILED);
    }
    throw error;
  }
}

function emitted(expression: Expression): string | undefined {
  try {
    return emitExpression(new Scope(), expression, ident);
  } catch (error) {
    if (error instanceof UnsupportedError) {
      return undefined;
    }
    throw error;
  }
}

const nulls: Row = Object.fromEntries(fields.map(({ name }) => [name, null]));

/** Rows as a row source. */
function rowSource(given: readonly Row[]): string {
  const rows = given.map((row, position) => {
    const columns = fields.map(
      ({ name, type }) =>
        `${emitLiteral({ op: 'literal', value: row[name], type })} AS ${ident(
          name,
        )}`,
    );
    return `SELECT ${position} AS position, ${columns.join(', ')}`;
  });
  return `(${rows.join(' UNION ALL ')})`;
}

describe('emitExpression', () => {
  let temp: string;
  let pool: DuckDbPool;

  beforeAll(async () => {
    await initPlanning();
    temp = await mkdtemp(path.join(tmpdir(), 'skein-duckdb-emit-'));
    pool = new DuckDbPool({
      memoryLimit: '256MB',
      threads: 1,
      processes: 1,
      tempDirectory: temp,
    });
  });

  afterAll(async () => {
    await pool.close();
    await rm(temp, { recursive: true });
  });

  /** What DuckDB makes of rows. */
  async function computed(
    sql: string,
    { type }: Expression,
    rows: readonly Row[],
  ): Promise<Array<RowValue | symbol>> {
    const found = await pool.withSession(
      temp,
      new AbortController().signal,
      ({ query }) =>
        query(
          `SELECT ${failsAt(sql)} AS failed, ${spell(
            `TRY(${sql})`,
            type,
          )} AS value FROM ${rowSource(rows)} ORDER BY position`,
        ),
    );
    return found.map(({ failed, value }) => {
      const text = value as string | null;
      if (failed) {
        return Symbol.for(FAILED);
      }
      return type.kind === 'boolean' && text !== null ? text === 'true' : text;
    });
  }

  function agree(
    a: RowValue | symbol,
    b: RowValue | symbol,
    { type }: Expression,
  ): boolean {
    return typeof a === 'symbol' || typeof b === 'symbol'
      ? a === b
      : sameValue(a, b, type);
  }

  /** Where DuckDB and the evaluator differ, as sentences. */
  async function differences(expression: Expression): Promise<string[]> {
    const sql = emitted(expression);
    if (sql === undefined) {
      return [];
    }
    const found = await computed(sql, expression, caseRows);
    return found.flatMap((theirs, index) => {
      const ours = evaluated(expression, caseRows[index]);
      return agree(ours, theirs, expression)
        ? []
        : [
            `row ${index}: evaluator ${String(ours)}, DuckDB ${String(
              theirs,
            )} by ${sql}`,
          ];
    });
  }

  it.each([...caseExpressions])(
    'computes %s as PostgreSQL does, or refuses',
    async text => {
      const expression = parseExpression(text, fields);
      await expect(differences(expression)).resolves.toEqual([]);
    },
  );

  it.each(
    expressionEdges.map(edge => ({ ...edge, of: JSON.stringify(edge.row) })),
  )('makes of $text of $of the one value', async ({ text, row, value }) => {
    const expression = parseExpression(text, fields);
    const sql = emitted(expression)!;
    const [found] = await computed(sql, expression, [{ ...nulls, ...row }]);
    const expected =
      typeof value === 'object' && value !== null ? Symbol.for(FAILED) : value;
    expect([found, sql, agree(found, expected, expression)]).toEqual([
      found,
      sql,
      true,
    ]);
  });

  it('refuses decimals without a precision, and nothing else', () => {
    const refused = caseExpressions.filter(
      text => emitted(parseExpression(text, fields)) === undefined,
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(text => text.endsWith('::numeric'))).toBe(true);
  });

  it('computes generated expressions as the evaluator does', async () => {
    const names = fields.map(({ name }) => name);
    const { expression } = fc.letrec<{ expression: string }>(tie => ({
      expression: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        { weight: 3, arbitrary: fc.constantFrom(...names) },
        fc.constantFrom('0', '1', '-3', '2.50', "'7'", "'é💜'", 'null', 'true'),
        fc
          .tuple(
            tie('expression'),
            fc.constantFrom(
              ...['+', '-', '*', '/', '%', '||', '=', '<', 'and', 'or'],
            ),
            tie('expression'),
          )
          .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
        fc
          .tuple(
            tie('expression'),
            fc.constantFrom(
              ...['smallint', 'integer', 'bigint', 'numeric(8, 3)'],
              ...['double precision', 'real', 'text', 'varchar(4)', 'boolean'],
              ...['date', 'timestamp', 'timestamptz'],
            ),
          )
          .map(([a, type]) => `cast(${a} as ${type})`),
        fc
          .tuple(
            fc.constantFrom(
              ...['upper', 'length', 'abs', 'round', 'floor', 'ceil', 'trim'],
            ),
            tie('expression'),
          )
          .map(([name, a]) => `${name}(${a})`),
        fc
          .tuple(tie('expression'), tie('expression'))
          .map(([a, b]) => `coalesce(${a}, ${b})`),
        fc
          .tuple(tie('expression'), tie('expression'), tie('expression'))
          .map(([a, b, c]) => `case when ${a} then ${b} else ${c} end`),
      ),
    }));
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(expression, async text => {
        let tree: Expression | undefined;
        try {
          tree = parseExpression(text, fields);
        } catch (error) {
          if (!(error instanceof InputError)) {
            throw error;
          }
        }
        fc.pre(tree !== undefined);
        compared += 1;
        expect(await differences(tree!)).toEqual([]);
      }),
      { numRuns: 300, seed: 1, maxSkipsPerRun: 1_000 },
    );
    expect(compared).toBeGreaterThanOrEqual(300);
  });
});
