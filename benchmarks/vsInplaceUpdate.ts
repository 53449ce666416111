import pg from 'pg';
import { flightsTable, secondsOfRun } from './lib/flightsTable';
import { pairedRatio, secondsOf } from './lib/measure';
import { prepareSubject, transformAndVerify } from './lib/migrate';
import { Benchmark } from './types';

const PAIRS = 5;
const ROWS = 1_000_000;
const BATCH = 1_000;

const CREATE_COMPUTE = `
  CREATE FUNCTION compute() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NEW.arrival_delay := NEW.delay;
    NEW.new_distance := NEW.distance::integer;
    NEW.route := NEW.origin || '-' || NEW.destination;
    RETURN NEW;
  END $$`;

/**
 * How many times faster than a tool that expands and contracts: new columns, a
 * trigger that computes them, and an `UPDATE` of all rows in batches of a
 * thousand by key, each committed, then the old columns dropped. It verifies
 * nothing, and that it leaves every row dead once is not counted either.
 */
export const vsInplaceUpdate: Benchmark = {
  figures: ['vs-inplace-update'],
  async run({ connectionString, log }) {
    const { client, subject, drop } = await flightsTable(connectionString, {
      database: 'bench_inplace',
      rows: ROWS,
    });
    await client.query(CREATE_COMPUTE);
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

async function updateInPlace(client: pg.Client) {
  await client.query(
    `ALTER TABLE inplace ADD COLUMN arrival_delay bigint,
       ADD COLUMN new_distance integer, ADD COLUMN route varchar`,
  );
  await client.query(
    `CREATE TRIGGER compute BEFORE INSERT OR UPDATE ON inplace
     FOR EACH ROW EXECUTE FUNCTION compute()`,
  );
  for (let last = '0'; ; ) {
    const { rows } = await client.query(
      `WITH batch AS (SELECT id FROM inplace WHERE id > $1 ORDER BY id LIMIT ${BATCH} FOR UPDATE),
         updated AS (UPDATE inplace SET id = inplace.id FROM batch WHERE inplace.id = batch.id)
       SELECT max(id) AS last FROM batch`,
      [last],
    );
    if (rows[0].last === null) break;
    last = rows[0].last;
  }
  await client.query('DROP TRIGGER compute ON inplace');
  await client.query(
    `ALTER TABLE inplace DROP COLUMN delay, DROP COLUMN distance,
       ALTER COLUMN arrival_delay SET NOT NULL, ALTER COLUMN new_distance SET NOT NULL,
       ALTER COLUMN route SET NOT NULL`,
  );
  await client.query(
    'ALTER TABLE inplace RENAME COLUMN new_distance TO distance',
  );
}
