import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { duckDbEngineFactory } from '@skein/backstage-plugin-dataset-migrations-backend-module-duckdb';
import { secondsOf } from './lib/measure';
import { childrenPeak } from './lib/memory';
import { prepareSubject, transformAndVerify } from './lib/migrate';
import { Benchmark } from './types';

const LIMIT_MB = 512;

/** Ten times the limit, of rows of about a kilobyte that pack well. */
const ROWS = 5_200_000;
const TEXT_BYTES = 1_000;

/** Less on the disk than this and the benchmark would be of a full disk. */
const FREE_BYTES = 4e9;

const field = (name: string, logicalType: string, physicalType: string) => ({
  id: name,
  name,
  logicalType,
  physicalType,
  required: true,
});

const contract = (version: string, properties: object[]) => ({
  apiVersion: 'v3.1.0',
  kind: 'DataContract',
  id: 'bench',
  version,
  status: version === '1.0.0' ? 'active' : 'proposed',
  servers: [
    { server: 'files', type: 'local', path: 'wide', format: 'parquet' },
  ],
  schema: [
    { name: 'wide', physicalName: 'wide', logicalType: 'object', properties },
  ],
});

/**
 * Memory of the engine's DuckDB process at a limit of 512 MB, while it migrates
 * and verifies ten times that, its key included, which has to be grouped on disk.
 */
export const filesBounded: Benchmark = {
  figures: ['files-bounded-peak-mb'],
  async run({ dir, log }) {
    const { bavail, bsize } = statfsSync(dir);
    if (bavail * bsize < FREE_BYTES) {
      throw new Error(`${dir} needs ${FREE_BYTES / 1e9} GB free`);
    }
    const folder = join(dir, 'wide');
    mkdirSync(folder);
    const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT i AS id, repeat(chr(65 + CAST(i % 26 AS INTEGER)) || i, ${TEXT_BYTES} // (length(CAST(i AS VARCHAR)) + 1)) AS text FROM range(${ROWS}) t(i)) TO '${folder}/wide.parquet' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 10000)`,
    );
    connection.closeSync();
    instance.closeSync();

    const id = {
      ...field('id', 'integer', 'BIGINT'),
      primaryKey: true,
      primaryKeyPosition: 1,
    };
    const text = field('text', 'string', 'VARCHAR');
    const { engine, newRun } = await prepareSubject({
      factory: duckDbEngineFactory,
      config: {
        memoryLimit: `${LIMIT_MB}MB`,
        roots: [
          {
            name: 'files',
            path: dir,
            bindings: [{ prefix: 'wide', owners: ['group:default/bench'] }],
          },
        ],
      },
      from: contract('1.0.0', [id, text]),
      to: contract('2.0.0', [id, { ...text, name: 'words' }]),
      steps: [
        { agent: 'rename-field', payload: { from: 'text', to: 'words' } },
      ],
    });
    const peak = childrenPeak();
    const run = newRun();
    const seconds = await secondsOf(() => transformAndVerify(engine, run));
    const value = peak.stop();
    await engine.abandon(run);
    log(
      `${(ROWS * TEXT_BYTES) / 1e9} GB at ${LIMIT_MB} MB: ${seconds.toFixed(
        1,
      )} s, ${value.toFixed(0)} MB`,
    );
    return [
      {
        name: 'files-bounded-peak-mb',
        value,
        unit: 'MB',
        target: 600,
        lowerIsBetter: true,
      },
    ];
  },
};
