import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { duckDbEngineFactory } from '@skein/backstage-plugin-dataset-migrations-backend-module-duckdb';
import { copyFlights, flightsContracts, flightsSelect } from './flights';
import { median, pairedRatio, secondsOf } from './lib/measure';
import { childrenPeak } from './lib/memory';
import { prepareSubject, transformAndVerify } from './lib/migrate';
import { BenchContext, Benchmark, Figure } from './types';

const PAIRS = 5;

/** How often the flights are repeated in the large set, a file each time. */
const FILES = 10;

/** The contracts and config for flights as files below `root`. */
export function flightsFiles(root: string, settings: object = {}) {
  return {
    factory: duckDbEngineFactory,
    config: {
      ...settings,
      roots: [
        {
          name: 'files',
          path: root,
          bindings: [{ prefix: 'flights', owners: ['group:default/bench'] }],
        },
      ],
    },
    ...flightsContracts(
      { server: 'files', type: 'local', path: 'flights', format: 'parquet' },
      'flights',
    ),
  };
}

/** What one size and one memory limit give. */
interface Measured {
  verified: number;
  verification: number;
  peak: number;
}

/**
 * Flights migrated and verified by the engine as a worker runs it, against one
 * `COPY (SELECT ...) TO` of DuckDB with the same threads and the codec of the
 * source, which the engine keeps: the three million as they are, thirty million
 * in ten files, and those at a limit of 512 MB. Memory is that of the DuckDB
 * process of the engine.
 */
export const filesVerifiedVsCopy: Benchmark = {
  figures: [
    'files-verified-vs-copy',
    'files-30m-verified-vs-copy',
    'files-30m-512mb-vs-copy',
    'files-verify-vs-copy',
    'files-peak-mb',
  ],
  async run(context) {
    const small = join(context.dir, 'small');
    copyFlights(small);
    const large = join(context.dir, 'large');
    await repeatFlights(join(small, 'flights/flights-3m.parquet'), large);

    const three = await measure(context, 'flights-3m', small, {});
    const thirty = await measure(context, '30 million', large, {});
    const limited = await measure(context, '30 million at 512 MB', large, {
      memoryLimit: '512MB',
    });
    return [
      ratio('files-verified-vs-copy', three.verified, 1.4),
      ratio('files-30m-verified-vs-copy', thirty.verified, 1.4),
      ratio('files-30m-512mb-vs-copy', limited.verified, 1.4),
      ratio('files-verify-vs-copy', thirty.verification, 0.6),
      {
        name: 'files-peak-mb',
        value: Math.max(three.peak, thirty.peak, limited.peak),
        unit: 'MB',
        target: 600,
        lowerIsBetter: true,
      },
    ];
  },
};

function ratio(name: string, value: number, target: number): Figure {
  return { name, value, unit: 'x', target, lowerIsBetter: true };
}

async function measure(
  { log }: BenchContext,
  title: string,
  root: string,
  settings: object,
): Promise<Measured> {
  const { engine, newRun } = await prepareSubject(flightsFiles(root, settings));
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const target = join(root, 'copy.parquet');
  const copy = () =>
    secondsOf(() =>
      connection.run(
        `COPY (${flightsSelect} FROM '${root}/flights/*.parquet') TO '${target}' (FORMAT parquet, COMPRESSION zstd)`,
      ),
    );
  const verifications: number[] = [];
  const peak = childrenPeak();
  const migrate = async () => {
    const run = newRun();
    const seconds = await secondsOf(async () => {
      const report = await transformAndVerify(engine, run);
      verifications.push(report.seconds);
    });
    await engine.abandon(run);
    return seconds;
  };
  const paired = await pairedRatio(PAIRS, migrate, copy);
  const measured: Measured = {
    verified: paired.ratio,
    // The first pair warms up.
    verification: median(verifications.slice(1)) / paired.theirs,
    peak: peak.stop(),
  };
  connection.closeSync();
  instance.closeSync();
  rmSync(target);
  // The next measurement begins with a token of its own.
  rmSync(join(root, 'flights/_skein'), { recursive: true });
  log(
    `${title}: ${paired.ours.toFixed(2)} s migrated and verified (${median(
      verifications.slice(1),
    ).toFixed(2)} s of it to verify), ${paired.theirs.toFixed(
      2,
    )} s one COPY, ${measured.peak.toFixed(0)} MB`,
  );
  return measured;
}

/** Thirty million flights, each file of another year. */
async function repeatFlights(source: string, root: string): Promise<void> {
  const folder = join(root, 'flights');
  mkdirSync(folder, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  for (let year = 0; year < FILES; year++) {
    await connection.run(
      `COPY (SELECT * REPLACE (date + to_years(${year}) AS date, delay + ${year} AS delay) FROM '${source}') TO '${folder}/flights-${year}.parquet' (FORMAT parquet, COMPRESSION zstd)`,
    );
  }
  connection.closeSync();
  instance.closeSync();
}
