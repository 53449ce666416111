import { flightsTable, flightsTableSelect } from './lib/flightsTable';
import { pairedRatio, secondsOf } from './lib/measure';
import { prepareSubject, transformAndVerify } from './lib/migrate';
import { Benchmark } from './types';

const PAIRS = 3;
const ROWS = 5_000_000;

/**
 * A table of five million rows, migrated and verified with its key rebuilt,
 * against the bare `CREATE TABLE AS` of the same rows, which has no key and
 * checks nothing.
 */
export const tableVerifiedVsCtas: Benchmark = {
  figures: ['table-verified-vs-ctas'],
  async run({ connectionString, log }) {
    const { client, subject } = await flightsTable(connectionString, {
      database: 'bench_table',
      rows: ROWS,
    });
    const { engine, newRun } = await prepareSubject(subject);
    const ctas = async () => {
      const seconds = await secondsOf(() =>
        client.query(`CREATE TABLE plain AS ${flightsTableSelect}`),
      );
      await client.query('DROP TABLE plain');
      await client.query('CHECKPOINT');
      return seconds;
    };
    const migrate = async () => {
      const run = newRun();
      const seconds = await secondsOf(() => transformAndVerify(engine, run));
      await engine.abandon(run);
      await client.query('CHECKPOINT');
      return seconds;
    };
    const { ratio, ours, theirs } = await pairedRatio(PAIRS, migrate, ctas);
    await client.end();
    log(
      `${ROWS} rows: ${ours.toFixed(
        2,
      )} s migrated and verified, ${theirs.toFixed(2)} s CREATE TABLE AS`,
    );
    return [
      {
        name: 'table-verified-vs-ctas',
        value: ratio,
        unit: 'x',
        target: 2.5,
        lowerIsBetter: true,
      },
    ];
  },
};
