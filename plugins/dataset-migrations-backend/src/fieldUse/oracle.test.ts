import { TestDatabases } from '@backstage/backend-test-utils';
import fc from 'fast-check';
import { Knex } from 'knex';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { flightFields, flightsTable, project } from './__testUtils__/flights';
import { randomQuery } from './__testUtils__/randomQuery';
import { readSqlText } from './readSqlText';
import { SqlParser } from './sql/SqlParser';

jest.setTimeout(300_000);

const RUNS = 25;
const QUERIES_A_RUN = 20;

const TYPES: Record<string, string> = {
  id: 'int',
  flight_date: 'date',
  flight_num: 'int',
  delay: 'int',
  distance: 'int',
  cancelled: 'boolean',
  address: 'jsonb',
  tags: 'text[]',
};

const COLUMNS = flightFields
  .map(name => `${name} ${TYPES[name] ?? 'text'}`)
  .join(', ');

/** Tables that the labelled queries join, whose columns the reader does not know. */
const OTHERS = `
  CREATE TABLE airports (code text, city text, name text);
  CREATE TABLE carriers (code text, name text);
  CREATE TABLE trips (flight_id int, code text, num int, day date, key int);
  CREATE TABLE routes (x text, y text);
  CREATE TABLE scores (id int, score int);
  CREATE TABLE flights_archive (${COLUMNS});
  CREATE SCHEMA archive;
  CREATE TABLE archive.flights (${COLUMNS});
`;

/**
 * Whoever reads a column fails without it: PostgreSQL itself says which those are, and
 * knows nothing of how the reader goes about it.
 */
describe('PostgreSQL as an oracle', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  const parser = new SqlParser();
  let knex: Knex;

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    await knex.raw(`CREATE TABLE public.flights (${COLUMNS}); ${OTHERS}`);
  });
  afterAll(async () => {
    await parser.close();
    await knex.destroy();
  });

  /** Whether a statement runs, which is undone at once. */
  async function runs(trx: Knex.Transaction, sql: string): Promise<boolean> {
    await trx.raw('SAVEPOINT one');
    try {
      await trx.raw(sql);
      return true;
    } catch {
      return false;
    } finally {
      await trx.raw('ROLLBACK TO SAVEPOINT one');
    }
  }

  /** Undoes what it does. */
  async function undone<T>(
    work: (trx: Knex.Transaction) => Promise<T>,
  ): Promise<T> {
    const trx = await knex.transaction();
    try {
      return await work(trx);
    } finally {
      await trx.rollback();
    }
  }

  /** Of texts that run, the fields without which each does not. */
  async function needed(texts: readonly string[]) {
    const valid = await undone(async trx => {
      const running: string[] = [];
      for (const sql of texts) {
        if (await runs(trx, sql)) {
          running.push(sql);
        }
      }
      return running;
    });
    const fields = new Map(valid.map(sql => [sql, new Set<string>()]));
    for (const field of flightFields) {
      await undone(async trx => {
        await trx.raw(`ALTER TABLE public.flights DROP COLUMN ${field}`);
        for (const sql of valid) {
          if (!(await runs(trx, sql))) {
            fields.get(sql)!.add(field);
          }
        }
      });
    }
    return fields;
  }

  async function found(sql: string) {
    const { uses, unread } = await readSqlText(sql, {
      parser,
      dialects: ['postgresql'],
      tables: [flightsTable()],
      project,
    });
    return {
      all: new Set(uses.map(({ field }) => field)),
      named: new Set(uses.flatMap(({ field, star }) => (star ? [] : [field]))),
      unread,
    };
  }

  it('G6: needs no field of a labelled query that is not found, and few others', async () => {
    const labelled: Array<{ dialect: string; sql: string }> = parse(
      readFileSync(join(__dirname, '__fixtures__/queries.yaml'), 'utf8'),
    );
    const texts = labelled
      .filter(({ dialect }) => dialect === 'postgresql')
      .map(({ sql }) => sql)
      // Templates are no SQL, and COPY speaks another protocol.
      .filter(sql => !/\{[{%#]|^\s*copy/i.test(sql));
    const fields = await needed(texts);
    const missed: string[] = [];
    let right = 0;
    let tooMany = 0;
    for (const [sql, need] of fields) {
      const { all, named, unread } = await found(sql);
      if (unread.length === 0) {
        missed.push(
          ...[...need]
            .filter(field => !all.has(field))
            .map(field => `${field}: ${sql}`),
        );
      }
      for (const field of named) {
        right += need.has(field) ? 1 : 0;
        tooMany += need.has(field) ? 0 : 1;
      }
    }
    // eslint-disable-next-line no-console
    console.info(
      `${fields.size} of ${texts.length} queries run; of ${
        right + tooMany
      } fields that they name, PostgreSQL needs ${right}`,
    );
    expect(missed).toEqual([]);
    expect(fields.size).toBeGreaterThanOrEqual(60);
    expect(right / (right + tooMany)).toBeGreaterThanOrEqual(0.95);
  });

  it('G6: needs no field of a generated query that is not found', async () => {
    let valid = 0;
    let read = 0;
    await fc.assert(
      fc.asyncProperty(fc.gen(), async gen => {
        // One generator for all: those of an array begin at the same seed.
        const texts = Array.from({ length: QUERIES_A_RUN }, () =>
          randomQuery(
            items => items[gen(fc.integer, { min: 0, max: items.length - 1 })],
          ),
        );
        for (const [sql, need] of await needed(texts)) {
          valid += 1;
          const { all, unread } = await found(sql);
          read += unread.length === 0 ? 1 : 0;
          for (const field of unread.length === 0 ? need : []) {
            expect({ sql, field, found: all.has(field) }).toEqual({
              sql,
              field,
              found: true,
            });
          }
        }
      }),
      { numRuns: RUNS },
    );
    // eslint-disable-next-line no-console
    console.info(
      `${valid} of ${
        RUNS * QUERIES_A_RUN
      } generated queries run and are not the same; ${read} are read`,
    );
    expect(valid).toBeGreaterThanOrEqual(400);
    expect(read / valid).toBeGreaterThanOrEqual(0.95);
  });
});
