import { stringify } from 'csv-stringify/sync';

/** Lines of CSV (RFC 4180). */
export function writeCsv(rows: unknown[][]): string {
  return stringify(rows, {
    record_delimiter: 'windows',
    // Titles and messages come from anybody, and spreadsheets run what begins
    // with an equals sign.
    escape_formulas: true,
  });
}
