import { DuckDBInstance } from '@duckdb/node-api';

/** A DuckDB of the test's own process, outside the engine under test. */
let instance: Promise<DuckDBInstance> | undefined;

/** Runs SQL; integers of 64 bits, dates and the like come as text. */
export async function query(
  sql: string,
): Promise<Array<Record<string, unknown>>> {
  instance ??= DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await (await instance).connect();
  try {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowObjectsJson();
  } finally {
    connection.closeSync();
  }
}

/** A list of files as `read_parquet` and its like take it. */
export function fileList(files: string[]): string {
  return `[${files.map(file => `'${file}'`).join(', ')}]`;
}
