import { mkdtemp, rm, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import path from 'path';
import { Scope } from '../sql/Scope';
import { cleanMessage, FAILURE_MARK } from './cleanMessage';
import { DuckDbPool } from './DuckDbPool';
import { QueryError } from './QueryError';

// Processes are started, and the machine may be busy.
jest.setTimeout(60_000);

const VALUE = 'Ada-Lovelace-1815';

describe('an error of DuckDB', () => {
  let folder: string;
  let temp: string;
  let pool: DuckDbPool;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'skein-duckdb-clean-'));
    temp = await mkdtemp(path.join(tmpdir(), 'skein-duckdb-clean-temp-'));
    pool = new DuckDbPool({
      memoryLimit: '256MB',
      threads: 1,
      processes: 1,
      tempDirectory: temp,
    });
    const file = (name: string, text: string) =>
      writeFile(path.join(folder, name), text);
    await file('uneven.csv', `a,b\n1,2\n3,${VALUE},5\n`);
    await file('broken.ndjson', `{"a": 1}\n{"a": ${VALUE}\n`);
    await file('no.parquet', `${VALUE}`.repeat(20));
  });
  afterAll(async () => {
    await pool.close();
    await rm(folder, { recursive: true });
    await rm(temp, { recursive: true });
  });

  const failing = (sql: string): Promise<QueryError> =>
    pool.withSession(folder, new AbortController().signal, ({ query }) =>
      query(sql.replaceAll('FOLDER', folder)).then(
        () => undefined as never,
        error => error,
      ),
    );
  const people = `(VALUES ('${VALUE}')) AS people(name)`;

  it.each`
    what                | sql                                                                                                                              | said
    ${'a cast'}         | ${`SELECT CAST(name AS INTEGER) FROM ${people}`}                                                                                 | ${'a value is not written as its type is'}
    ${'a range'}        | ${`SELECT CAST(length(name) * 1815 AS TINYINT) FROM ${people}`}                                                                  | ${'a value is not written as its type is'}
    ${'a JSON text'}    | ${`SELECT CAST(name AS JSON) FROM ${people}`}                                                                                    | ${'a value is not written as its type is'}
    ${'a date'}         | ${`SELECT strptime(name, '%Y') FROM ${people}`}                                                                                  | ${'the file or a value in it cannot be read'}
    ${'an overflow'}    | ${`SELECT 9223372036854775807 + length(name) FROM ${people}`}                                                                    | ${'a value is out of range'}
    ${'a line of CSV'}  | ${`SELECT * FROM read_csv('FOLDER/uneven.csv', auto_detect = false, header = true, columns = {'a': 'VARCHAR', 'b': 'VARCHAR'})`} | ${'CSV Error on Line: 3'}
    ${'a line of JSON'} | ${`SELECT * FROM read_json('FOLDER/broken.ndjson', format = 'newline_delimited', columns = {'a': 'JSON'})`}                      | ${expect.stringMatching(/^Malformed JSON in file "broken.ndjson", at byte \d+ in line 3$/)}
    ${'a file'}         | ${`SELECT * FROM read_parquet('FOLDER/no.parquet')`}                                                                             | ${expect.stringMatching(/^No magic bytes/)}
    ${'our own reason'} | ${`SELECT ${new Scope().fail("not of type 'x'", 'INTEGER')} FROM ${people}`}                                                     | ${"not of type 'x'"}
    ${'an exception'}   | ${`SELECT error(name) FROM ${people}`}                                                                                           | ${'the file or a value in it cannot be read'}
  `('G11: about $what quotes no row', async ({ sql, said }) => {
    const error = await failing(sql);
    expect(error).toBeInstanceOf(QueryError);
    expect(error.message).toEqual(said);
    const whole = JSON.stringify(error, Object.getOwnPropertyNames(error));
    expect(whole).not.toContain(VALUE);
    expect(whole).not.toContain('1815');
  });

  it('keeps the words that are about the statement, without repeating it', async () => {
    const { message, ofData } = await failing('SELECT nothing');
    expect(message).toContain('column "nothing" was not found');
    expect(message).not.toContain('LINE 1');
    expect(ofData).toBe(true);
  });

  it('G11: does not take a value for a reason of ours', () => {
    expect(
      cleanMessage(
        `Conversion Error: Could not convert string 'skein: ${VALUE}' to INT8`,
      ),
    ).toBe('a value is not written as its type is');
    expect(FAILURE_MARK).toMatch(/^skein [0-9a-f-]{36}: $/);
  });

  it.each(['TransactionContext Error: X', 'INTERNAL Error: X', 'X'])(
    'G11: says of %s only its kind',
    message => {
      expect(cleanMessage(message.replace(/X$/, VALUE))).not.toContain(VALUE);
    },
  );
});
