import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import pg from 'pg';
import { PLACE, SmallDataset } from '../../many/smallDatasets';
import { HARNESS } from './ControlPlane';

/**
 * What unfinished migrations left beside the data: tables of shadows, and files
 * of versions that no manifest names.
 */
export async function leftovers(options: {
  warehouse: string;
  filesRoot: string;
  datasets: SmallDataset[];
}): Promise<string[]> {
  const { warehouse, filesRoot, datasets } = options;
  const names = new Set(datasets.map(({ name }) => name));
  const shadows = (await shadowTables(warehouse)).filter(({ name }) =>
    names.has(name),
  );
  const files = datasets
    .filter(({ engine }) => engine === 'duckdb')
    .flatMap(({ name }) => unnamedFiles(join(filesRoot, PLACE, name)));
  return [
    ...shadows.map(({ schema, name }) => `the shadow ${schema}.${name}`),
    ...files.map(file => `the file ${relative(filesRoot, file)}`),
  ];
}

async function shadowTables(
  connectionString: string,
): Promise<Array<{ schema: string; name: string }>> {
  const client = new pg.Client({ connectionString, application_name: HARNESS });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT nspname AS schema, relname AS name
       FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
       WHERE nspname LIKE 'skein\\_%\\_next' AND relkind IN ('r', 'p')`,
    );
    return rows;
  } finally {
    await client.end();
  }
}

/** As far as it matters here; see docs/concepts/files.md. */
interface Manifest {
  versions: Array<{ files: Array<{ path: string }> }>;
}

function unnamedFiles(folder: string): string[] {
  const last = globSync(join(folder, '_skein/manifests/*.json')).sort().at(-1);
  const { versions }: Manifest = last
    ? JSON.parse(readFileSync(last, 'utf8'))
    : { versions: [] };
  const named = new Set(
    versions.flatMap(({ files }) =>
      files.map(({ path }) => join(folder, path)),
    ),
  );
  return globSync(join(folder, '_skein/versions/**/*.parquet')).filter(
    file => !named.has(file),
  );
}
