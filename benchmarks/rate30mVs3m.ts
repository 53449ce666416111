import pg from 'pg';
import { freeBytes, gigabytes } from '../scripts/lib/disk.mjs';
import { flightsTable, secondsOfRun } from './lib/flightsTable';
import { pairedRatio } from './lib/measure';
import { prepareSubject, transformAndVerify } from './lib/migrate';
import { BenchContext, Benchmark } from './types';

/** A pair takes more than a minute: one warms up, three count. */
const PAIRS = 3;
const FEW = 3_000_000;
const MANY = 30_000_000;

/** Both tables, the copy, what is sorted for its key, and the log. */
const NEEDED_BYTES = 20 * 1024 ** 3;

/**
 * Whether the cost grows with the rows and no faster: rows per second, migrated
 * and verified, of thirty million against three million. Yields nothing where
 * the disk of the server has less than 20 GB free.
 */
export const rate30mVs3m: Benchmark = {
  figures: ['rate-30m-vs-3m'],
  async run(context) {
    const { log } = context;
    const free = await freeOnServer(context);
    if (free < NEEDED_BYTES) {
      log(
        `rate-30m-vs-3m is skipped: it needs ${gigabytes(
          NEEDED_BYTES,
        )} of disk and ${gigabytes(free)} are free`,
      );
      return [];
    }
    const few = await flightsOf(context, FEW);
    const many = await flightsOf(context, MANY);
    // Times per row, so that the ratio is that of the rates the other way round.
    const { ratio, ours, theirs } = await pairedRatio(
      PAIRS,
      few.secondsPerRow,
      many.secondsPerRow,
    );
    await few.drop();
    await many.drop();
    log(
      `${(1 / ours).toFixed(0)} rows/s of ${FEW}, ${(1 / theirs).toFixed(
        0,
      )} rows/s of ${MANY}`,
    );
    return [
      {
        name: 'rate-30m-vs-3m',
        value: ratio,
        unit: 'x',
        target: 0.9,
        lowerIsBetter: false,
      },
    ];
  },
};

/** Bytes free where the server keeps its data, which is on this machine. */
async function freeOnServer({ connectionString }: BenchContext) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query('SHOW data_directory');
  await client.end();
  return freeBytes(rows[0].data_directory);
}

async function flightsOf({ connectionString }: BenchContext, count: number) {
  const { client, subject, drop } = await flightsTable(connectionString, {
    database: `bench_rate_${count}`,
    rows: count,
  });
  const prepared = await prepareSubject(subject);
  return {
    async secondsPerRow() {
      const seconds = await secondsOfRun(client, prepared, transformAndVerify);
      return seconds / count;
    },
    drop,
  };
}
