import { DuckDBInstance } from '@duckdb/node-api';

/** Runs SQL in this process, outside the engine under test. */
export async function query(
  sql: string,
): Promise<Array<Record<string, unknown>>> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A list of files as `read_parquet` and its like take it. */
export function fileList(files: string[]): string {
  return `[${files.map(file => `'${file}'`).join(', ')}]`;
}
