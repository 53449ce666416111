import pg from 'pg';
import { flightsTable, secondsOfRun } from './lib/flightsTable';
import { pairedRatio, secondsOf } from './lib/measure';
import { prepareSubject, transformAndVerify } from './lib/migrate';
import { Benchmark } from './types';

const PAIRS = 5;
const ROWS = 1_000_000;

/**
 * How many times faster than an agent that reads every row into JavaScript and
 * writes it back one by one, in one transaction. That agent verifies nothing.
 */
export const vsRowByRow: Benchmark = {
  figures: ['vs-row-by-row'],
  async run({ connectionString, log }) {
    const { client, subject, drop } = await flightsTable(connectionString, {
      database: 'bench_rows',
      rows: ROWS,
    });
    const prepared = await prepareSubject(subject);
    const { ratio, ours, theirs } = await pairedRatio(
      PAIRS,
      async () => {
        const seconds = await secondsOf(() => rowByRow(client));
        await client.query('DROP TABLE naive');
        await client.query('CHECKPOINT');
        return seconds;
      },
      () => secondsOfRun(client, prepared, transformAndVerify),
    );
    await drop();
    log(
      `${ROWS} rows: ${ours.toFixed(2)} s row by row, ${theirs.toFixed(
        2,
      )} s migrated and verified`,
    );
    return [
      {
        name: 'vs-row-by-row',
        value: ratio,
        unit: 'x',
        target: 20,
        lowerIsBetter: false,
      },
    ];
  },
};

async function rowByRow(client: pg.Client) {
  await client.query('BEGIN');
  await client.query(
    `CREATE TABLE naive (id bigint PRIMARY KEY, date timestamp, arrival_delay bigint,
       distance integer, origin varchar, destination varchar, carrier varchar,
       seats bigint, route varchar)`,
  );
  const { rows } = await client.query('SELECT * FROM flights');
  for (const row of rows) {
    await client.query({
      name: 'naive',
      text: 'INSERT INTO naive VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      values: [
        row.id,
        row.date,
        row.delay,
        Number(row.distance),
        row.origin,
        row.destination,
        row.carrier,
        row.seats,
        `${row.origin}-${row.destination}`,
      ],
    });
  }
  await client.query('COMMIT');
}
