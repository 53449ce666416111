import {
  flightsTable,
  secondsOfCreateTableAs,
  secondsOfRun,
} from './lib/flightsTable';
import { median, pairedRatio } from './lib/measure';
import { prepareSubject, transformAndVerify } from './lib/migrate';
import { Benchmark } from './types';

const PAIRS = 5;
const ROWS = 10_000_000;

/** An index beside the key, of columns that are not in the order of the rows. */
const INDEX = '(origin, date)';

/**
 * A table of ten million rows, migrated and verified with its key and its index
 * rebuilt, against `CREATE TABLE AS` with the same key and index, which checks
 * nothing. And of the same migrations, the verification alone against the copy
 * of the rows alone.
 */
export const tableVerifiedVsCtas: Benchmark = {
  figures: ['table-verified-vs-ctas', 'verify-vs-copy'],
  async run({ connectionString, log }) {
    const { client, subject, drop } = await flightsTable(connectionString, {
      database: 'bench_table',
      rows: ROWS,
    });
    await client.query(`CREATE INDEX flights_by_origin ON flights ${INDEX}`);
    const prepared = await prepareSubject(subject);
    const parts: Array<{ copy: number; verification: number }> = [];
    const migrate = () =>
      secondsOfRun(client, prepared, async (engine, run) => {
        const report = await transformAndVerify(engine, run);
        parts.push({ copy: report.copySeconds, verification: report.seconds });
      });
    const { ratio, ours, theirs } = await pairedRatio(PAIRS, migrate, () =>
      secondsOfCreateTableAs(
        client,
        'ALTER TABLE plain ADD PRIMARY KEY (id)',
        `CREATE INDEX plain_by_origin ON plain ${INDEX}`,
      ),
    );
    await drop();
    // The first pair warms up.
    const counted = parts.slice(1);
    const copy = median(counted.map(part => part.copy));
    const verification = median(counted.map(part => part.verification));
    log(
      `${ROWS} rows: ${ours.toFixed(2)} s migrated and verified (${copy.toFixed(
        2,
      )} s of it to copy, ${verification.toFixed(
        2,
      )} s to verify), ${theirs.toFixed(2)} s CREATE TABLE AS, key and index`,
    );
    return [
      {
        name: 'table-verified-vs-ctas',
        value: ratio,
        unit: 'x',
        target: 1.4,
        lowerIsBetter: true,
      },
      {
        name: 'verify-vs-copy',
        value: median(counted.map(part => part.verification / part.copy)),
        unit: 'x',
        target: 0.6,
        lowerIsBetter: true,
      },
    ];
  },
};
