import path from 'path';
import { FormatName } from './Place';

const extensions: Record<FormatName, readonly string[]> = {
  parquet: ['.parquet', '.pq'],
  csv: ['.csv', '.tsv'],
  ndjson: ['.ndjson', '.jsonl'],
};

/** What contracts write as a server's `format`. */
const spellings: Record<string, FormatName> = {
  parquet: 'parquet',
  csv: 'csv',
  tsv: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'ndjson',
  'json-lines': 'ndjson',
  newline_delimited: 'ndjson',
};

export const formatNames = Object.keys(extensions) as FormatName[];

/** The format that a contract's spelling means, if it is one of ours. */
export function formatBySpelling(spelling: string): FormatName | undefined {
  const name = spelling.toLocaleLowerCase('en-US');
  return Object.hasOwn(spellings, name) ? spellings[name] : undefined;
}

/** How texts are packed, by the ending that tells. */
const packings: Record<string, 'gzip' | 'zstd'> = {
  '.gz': 'gzip',
  '.zst': 'zstd',
};

/** The format that a file's name tells, if it is one of ours. */
export function formatByName(file: string): FormatName | undefined {
  const name = file.toLocaleLowerCase('en-US');
  const packed = packedEnding(name);
  const extension = path.extname(name.slice(0, name.length - packed.length));
  return formatNames.find(
    format =>
      extensions[format].includes(extension) &&
      !(packed !== '' && format === 'parquet'),
  );
}

/** The ending of a packed text file's name, empty for one that is not packed. */
export function packedEnding(file: string): string {
  const ending = path.extname(file).toLocaleLowerCase('en-US');
  return Object.hasOwn(packings, ending) ? ending : '';
}

/** How a text file is packed, in DuckDB's words. */
export function packedAs(file: string): 'gzip' | 'zstd' | 'none' {
  return packings[packedEnding(file)] ?? 'none';
}
