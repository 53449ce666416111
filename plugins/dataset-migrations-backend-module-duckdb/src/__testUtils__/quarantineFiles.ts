import { readFile, rename } from 'fs/promises';
import path from 'path';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import {
  ConformanceRow,
  Corruption,
} from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { FormatName } from '../places/Place';
import { query } from './independentReader';
import { filesBelow, readPublished } from './publishedFiles';
import { fromText } from './rowFiles';

/** What a harness does with rows that were set aside, without code of the engine. */
export function quarantineFiles(root: string, format: FormatName) {
  const folderOf = (run: EngineRun) =>
    path.join(root, run.targetContract.schema.physicalName);
  return {
    async read(run: EngineRun): Promise<ConformanceRow[] | undefined> {
      const files = await filesOf(folderOf(run), run.migrationId);
      return files && (await readAll(files, run, format));
    },

    async corrupt(run: EngineRun, corruption: Corruption): Promise<void> {
      const files = (await filesOf(folderOf(run), run.migrationId))!;
      const rows = await readAll(files, run, format);
      for (const file of files) {
        await rewrite(file, corrupted(corruption, rows, format));
      }
    },
  };
}

/** Files in quarantine that some manifest names. */
export async function publishedAside(
  folder: string,
): Promise<Array<{ path: string }>> {
  const { migrations = [] } = (await readPublished(folder)) ?? {};
  return migrations.flatMap(({ setAside = [] }) => setAside);
}

/** By the manifest, or by the journal of a run that is not published. */
async function filesOf(
  folder: string,
  migrationId: string,
): Promise<string[] | undefined> {
  const published = (await readPublished(folder))?.migrations?.find(
    ({ id }) => id === migrationId,
  );
  const found = published ? published.setAside : await journaled(folder);
  return found?.map(file => path.join(folder, file.path));
}

async function journaled(folder: string) {
  const records = (await filesBelow(path.join(folder, '_skein/runs')))
    .filter(file => path.basename(file).startsWith('chunk-'))
    .sort();
  const found = await Promise.all(
    records.map(async record => JSON.parse(await readFile(record, 'utf8'))),
  );
  return records.length === 0
    ? undefined
    : found.flatMap(({ aside }): Array<{ path: string }> => aside ?? []);
}

async function readAll(
  files: string[],
  run: EngineRun,
  format: FormatName,
): Promise<ConformanceRow[]> {
  const names = run.mapping.source.map(({ name }) => `"${name}"`);
  const found = await Promise.all(
    files.map(file =>
      query(`SELECT ${names.join(', ')} FROM read_parquet('${file}')`),
    ),
  );
  const value = (name: string, raw: unknown) => {
    switch (format) {
      case 'csv':
        return fromText(name, raw as string | null);
      case 'ndjson':
        return raw === null ? null : JSON.parse(String(raw));
      default:
        return raw as ConformanceRow[string];
    }
  };
  return found
    .flat()
    .map(row =>
      Object.fromEntries(
        Object.entries(row).map(([name, raw]) => [name, value(name, raw)]),
      ),
    );
}

/** SQL of a relation with the rows of a file, altered. */
function corrupted(
  corruption: Corruption,
  rows: ConformanceRow[],
  format: FormatName,
): (file: string) => string {
  const is = (key: number) => `CAST(id AS VARCHAR) = '${key}'`;
  const spelled = (value: ConformanceRow[string]) => {
    const text = `'${String(value).replace(/'/g, "''")}'`;
    return format === 'ndjson' ? `to_json(${text})` : text;
  };
  const set = (column: string, values: Array<[number, string]>) => {
    const cases = values.map(([key, sql]) => `WHEN ${is(key)} THEN ${sql}`);
    return (file: string) =>
      `SELECT * REPLACE (CASE ${cases.join(
        ' ',
      )} ELSE "${column}" END AS "${column}") FROM read_parquet('${file}')`;
  };
  switch (corruption.kind) {
    case 'alter':
      return set(corruption.column, [
        [corruption.key, spelled(corruption.value)],
      ]);
    case 'drop':
      return file =>
        `SELECT * FROM read_parquet('${file}') WHERE NOT ${is(corruption.key)}`;
    case 'double':
      return file =>
        `SELECT * FROM read_parquet('${file}') UNION ALL SELECT * FROM read_parquet('${file}') WHERE ${is(
          corruption.key,
        )}`;
    case 'exchange': {
      const { keys, column } = corruption;
      const of = (key: number) =>
        spelled(rows.find(({ id }) => id === key)![column]);
      return set(column, [
        [keys[0], of(keys[1])],
        [keys[1], of(keys[0])],
      ]);
    }
    default:
      return set(corruption.column, [[corruption.key, spelled('')]]);
  }
}

async function rewrite(
  file: string,
  rows: (file: string) => string,
): Promise<void> {
  const aside = `${file}.aside`;
  await query(`COPY (${rows(file)}) TO '${aside}' (FORMAT parquet)`);
  await rename(aside, file);
}
