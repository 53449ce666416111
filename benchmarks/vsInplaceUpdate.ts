import pg from 'pg';
import { flightsTable, secondsOfRun } from './lib/flightsTable';
import { pairedRatio, secondsOf } from './lib/measure';
import { prepareSubject, transformAndVerify } from './lib/migrate';
import { Benchmark } from './types';

const PAIRS = 5;
const ROWS = 1_000_000;
const BATCH = 1_000;

const COLUMNS = [
  'id',
  'date',
  'delay',
  'distance',
  'origin',
  'destination',
  'carrier',
  'seats',
];

/** What keeps a column that has another type or is new, and the way back. */
const CONVERSIONS = [
  { column: 'new_distance', value: 'distance::integer', writers: 'old' },
  { column: 'distance', value: 'NEW.new_distance::bigint', writers: 'new' },
  { column: 'route', value: "origin || '-' || destination", writers: 'old' },
];

/** The schema in the `search_path` of whoever writes the new version. */
const NEW_VERSION = 'public_2_0_0';

/**
 * How many times faster than a tool that expands and contracts, as pgroll does:
 * a column beside the old one and a column that says which rows are done; for
 * every conversion and direction a trigger, which asks which version the writer
 * writes; an `UPDATE` of all rows in batches of a thousand by key, each
 * committed; then what is old dropped, what is new renamed. It verifies nothing,
 * and that it leaves every row dead once is not counted either.
 *
 * Source of the protocol: pkg/backfill of https://github.com/xataio/pgroll
 */
export const vsInplaceUpdate: Benchmark = {
  figures: ['vs-inplace-update'],
  async run({ connectionString, log }) {
    const { client, subject, drop } = await flightsTable(connectionString, {
      database: 'bench_inplace',
      rows: ROWS,
    });
    for (const [number] of CONVERSIONS.entries()) {
      await client.query(conversionFunction(number));
    }
    const prepared = await prepareSubject(subject);
    const inPlace = async () => {
      await copyFlights(client);
      const seconds = await secondsOf(() => updateInPlace(client));
      await client.query('DROP TABLE inplace');
      await client.query('CHECKPOINT');
      return seconds;
    };
    const { ratio, ours, theirs } = await pairedRatio(PAIRS, inPlace, () =>
      secondsOfRun(client, prepared, transformAndVerify),
    );
    await drop();
    log(
      `${ROWS} rows: ${ours.toFixed(2)} s in place, ${theirs.toFixed(
        2,
      )} s migrated and verified`,
    );
    return [
      {
        name: 'vs-inplace-update',
        value: ratio,
        unit: 'x',
        target: 8,
        lowerIsBetter: false,
      },
    ];
  },
};

/** The same rows under the same key, as fresh as the original. */
async function copyFlights(client: pg.Client) {
  await client.query('CREATE TABLE inplace (LIKE flights)');
  await client.query('INSERT INTO inplace SELECT * FROM flights');
  await client.query('ALTER TABLE inplace ADD PRIMARY KEY (id)');
  await client.query('VACUUM (ANALYZE) inplace');
  await client.query('CHECKPOINT');
}

/** Owners' expressions name columns, which are variables therefore. */
function conversionFunction(number: number): string {
  const { column, value, writers } = CONVERSIONS[number];
  const variables = COLUMNS.map(
    name => `${name} public.flights.${name}%TYPE := NEW.${name};`,
  );
  return `CREATE FUNCTION convert_${number}() RETURNS trigger LANGUAGE plpgsql AS $$
    #variable_conflict use_variable
    DECLARE
      ${variables.join('\n      ')}
    BEGIN
      IF current_setting('search_path') ${
        writers === 'old' ? '<>' : '='
      } '${NEW_VERSION}' THEN
        NEW.${column} := ${value};
        NEW.to_be_done := false;
      END IF;
      RETURN NEW;
    END $$`;
}

async function updateInPlace(client: pg.Client) {
  await client.query(
    `ALTER TABLE inplace ADD COLUMN new_distance integer, ADD COLUMN route varchar,
       ADD COLUMN to_be_done boolean NOT NULL DEFAULT true`,
  );
  for (const [number] of CONVERSIONS.entries()) {
    await client.query(
      `CREATE TRIGGER convert_${number} BEFORE INSERT OR UPDATE ON inplace
       FOR EACH ROW EXECUTE FUNCTION convert_${number}()`,
    );
  }
  for (let last = '0'; ; ) {
    const { rows } = await client.query(
      `WITH batch AS (
         SELECT id FROM inplace WHERE to_be_done AND id > $1
         ORDER BY id LIMIT ${BATCH} FOR NO KEY UPDATE),
       updated AS (
         UPDATE inplace SET id = inplace.id FROM batch
         WHERE inplace.id = batch.id RETURNING inplace.id)
       SELECT max(id) AS last FROM updated`,
      [last],
    );
    if (rows[0].last === null) break;
    last = rows[0].last;
  }
  for (const [number] of CONVERSIONS.entries()) {
    await client.query(`DROP TRIGGER convert_${number} ON inplace`);
  }
  await client.query(
    `ALTER TABLE inplace DROP COLUMN distance, DROP COLUMN to_be_done,
       ALTER COLUMN new_distance SET NOT NULL, ALTER COLUMN route SET NOT NULL`,
  );
  await client.query(
    'ALTER TABLE inplace RENAME COLUMN new_distance TO distance',
  );
  await client.query(
    'ALTER TABLE inplace RENAME COLUMN delay TO arrival_delay',
  );
}
