import { readFile, rename, writeFile } from 'fs/promises';
import { ConformanceRow } from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { FormatName } from '../places/Place';
import { query } from './independentReader';
import { jsonRows } from './jsonRows';

/** The kit's fields that are no text. */
const TYPES: Record<string, 'INTEGER' | 'BOOLEAN'> = {
  id: 'INTEGER',
  letters: 'INTEGER',
  arrival_delay: 'INTEGER',
  cancelled: 'BOOLEAN',
};

const typeOf = (name: string) => TYPES[name] ?? 'VARCHAR';

const CSV = `header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false`;

/** Reads a file of the kit's rows without any code of the engine. */
export async function readRows(
  format: FormatName,
  file: string,
): Promise<ConformanceRow[]> {
  switch (format) {
    case 'parquet':
      return (await query(
        `SELECT * FROM read_parquet('${file}')`,
      )) as ConformanceRow[];
    case 'csv':
      return (await query(`SELECT * FROM read_csv('${file}', ${CSV})`)).map(
        row =>
          Object.fromEntries(
            Object.entries(row).map(([name, value]) => [
              name,
              fromText(name, value as string | null),
            ]),
          ),
      );
    default:
      return (await readFile(file, 'utf8'))
        .split('\n')
        .filter(Boolean)
        .map(line => JSON.parse(line));
  }
}

/** Writes a file of the kit's rows, in place of what is there, at once. */
export async function writeRows(
  format: FormatName,
  file: string,
  names: string[],
  rows: ConformanceRow[],
): Promise<void> {
  const aside = `${file}.aside`;
  if (format === 'ndjson') {
    const lines = rows.map(row => `${JSON.stringify(row)}\n`);
    await writeFile(aside, lines.join(''));
  } else {
    const options = format === 'csv' ? `csv, header, delimiter ','` : 'parquet';
    const types = Object.fromEntries(names.map(name => [name, typeOf(name)]));
    await query(
      `COPY (FROM ${jsonRows(rows, types)}) TO '${aside}' (FORMAT ${options})`,
    );
  }
  await rename(aside, file);
}

/** A value of the kit as a CSV file spells it. */
export function fromText(name: string, text: string | null) {
  if (text === null) {
    return null;
  }
  switch (typeOf(name)) {
    case 'INTEGER':
      return Number(text);
    case 'BOOLEAN':
      return text === 'true';
    default:
      return text;
  }
}
