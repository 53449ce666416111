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

/** The format that a file's name tells, if it is one of ours. */
export function formatByName(file: string): FormatName | undefined {
  const extension = path.extname(file).toLocaleLowerCase('en-US');
  return formatNames.find(name => extensions[name].includes(extension));
}
