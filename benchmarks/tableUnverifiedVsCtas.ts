import {
  flightsTable,
  secondsOfCreateTableAs,
  secondsOfRun,
} from './lib/flightsTable';
import { pairedRatio } from './lib/measure';
import { copyRows, prepareSubject } from './lib/migrate';
import { Benchmark } from './types';

const PAIRS = 5;
const ROWS = 10_000_000;

/**
 * The rows of a table of ten million, against the bare `CREATE TABLE AS`. The
 * engine always builds the key and always verifies, so that the clock stops
 * when the last chunk is copied and nothing is built yet: neither side has a
 * key, neither has checked anything. Ours has the shadow, the watch for writes
 * and the checkpoints in its time, and could be killed at any moment.
 */
export const tableUnverifiedVsCtas: Benchmark = {
  figures: ['table-unverified-vs-ctas'],
  async run({ connectionString, log }) {
    const { client, subject, drop } = await flightsTable(connectionString, {
      database: 'bench_table_rows',
      rows: ROWS,
    });
    const prepared = await prepareSubject(subject);
    const { ratio, ours, theirs } = await pairedRatio(
      PAIRS,
      () => secondsOfRun(client, prepared, copyRows),
      () => secondsOfCreateTableAs(client),
    );
    await drop();
    log(
      `${ROWS} rows: ${ours.toFixed(2)} s copied, ${theirs.toFixed(
        2,
      )} s CREATE TABLE AS`,
    );
    return [
      {
        name: 'table-unverified-vs-ctas',
        value: ratio,
        unit: 'x',
        target: 1.0,
        lowerIsBetter: true,
      },
    ];
  },
};
