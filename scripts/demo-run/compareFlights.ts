import { DuckDBInstance } from '@duckdb/node-api';

/** How published flights compare with what they were made from. */
export interface Comparison {
  rows: number;
  /** Rows that should be there and are not. */
  missing: number;
  /** Rows that are there and should not. */
  tooMuch: number;
}

/**
 * Reads the published files with a DuckDB of its own and compares them row for
 * row with the original. The mapping is written out once more here by hand:
 * nothing of this goes through the plugin.
 */
export async function compareFlights(
  original: string,
  published: string[],
): Promise<Comparison> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const files = published.map(literal).join(', ');
    await connection.run(`
      CREATE TEMP VIEW expected AS
      SELECT date, delay AS arrival_delay, distance::INTEGER AS distance,
        origin, destination, concat(origin, '-', destination) AS route
      FROM read_parquet(${literal(original)});
      CREATE TEMP VIEW published AS
      SELECT date, arrival_delay, distance, origin, destination, route
      FROM read_parquet([${files}])`);
    const number = async (sql: string) => {
      const result = await connection.runAndReadAll(
        `SELECT count(*) FROM (${sql})`,
      );
      return Number(result.getRows()[0][0]);
    };
    return {
      rows: await number('FROM published'),
      missing: await number('FROM expected EXCEPT ALL FROM published'),
      tooMuch: await number('FROM published EXCEPT ALL FROM expected'),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
