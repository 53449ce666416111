import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { duckDbEngineFactory } from '@skein/backstage-plugin-dataset-migrations-backend-module-duckdb';
import { copyFlights, flightsContracts, flightsSelect } from './flights';
import { pairedRatio, secondsOf } from './lib/measure';
import { prepareSubject, transformAndVerify } from './lib/migrate';
import { Benchmark } from './types';

const PAIRS = 3;

/** The contracts and config for flights as files below `root`. */
export function flightsFiles(root: string) {
  return {
    factory: duckDbEngineFactory,
    config: {
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

/**
 * Three million flights, migrated and verified by the engine as a worker runs
 * it, against one `COPY (SELECT ...) TO` of DuckDB with the same threads and the
 * codec of the source, which the engine keeps.
 */
export const filesVerifiedVsCopy: Benchmark = {
  figures: ['files-verified-vs-copy'],
  async run({ dir, log }) {
    const source = copyFlights(dir);
    const { engine, newRun } = await prepareSubject(flightsFiles(dir));

    const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    const connection = await instance.connect();
    const target = join(dir, 'copy.parquet');
    const copy = () =>
      secondsOf(() =>
        connection.run(
          `COPY (${flightsSelect} FROM '${source}') TO '${target}' (FORMAT parquet, COMPRESSION zstd)`,
        ),
      );
    const migrate = async () => {
      const run = newRun();
      const seconds = await secondsOf(() => transformAndVerify(engine, run));
      await engine.abandon(run);
      return seconds;
    };
    const { ratio, ours, theirs } = await pairedRatio(PAIRS, migrate, copy);
    connection.closeSync();
    instance.closeSync();
    rmSync(target);
    log(
      `flights-3m: ${ours.toFixed(2)} s migrated and verified, ${theirs.toFixed(
        2,
      )} s one COPY`,
    );
    return [
      {
        name: 'files-verified-vs-copy',
        value: ratio,
        unit: 'x',
        target: 2,
        lowerIsBetter: true,
      },
    ];
  },
};
