import { Dialect, STANDARD } from '../formats/csvDialect';
import { Place } from '../places/Place';
import { QueryError } from '../process/QueryError';
import { Session } from '../process/Session';
import { literal, pathLiteral } from '../sql/quote';

/** Delimiters that are believed when a file seems to have them. */
const DELIMITERS = [',', ';', '\t', '|'];

/** Lines of a file that are looked at. */
const LINES = 1_000;

/**
 * The dialect of CSV files: what the contract says, and for the rest what the
 * first file looks like. Found once and written down, as two looks at growing
 * files could differ.
 *
 * @returns undefined for other formats
 */
export async function findDialect(
  { query }: Session,
  { format, dialect: given }: Place,
  [file]: string[],
): Promise<Dialect | undefined> {
  if (format !== 'csv') {
    return undefined;
  }
  const standard: Dialect = {
    ...STANDARD,
    delimiter: /\.tsv(\.|$)/i.test(file ?? '') ? '\t' : STANDARD.delimiter,
  };
  const known = given.delimiter === undefined ? [] : ['delimiter' as const];
  const options = [
    `sample_size = ${LINES}`,
    'header = true',
    'all_varchar = true',
    ...known.map(name => `delim = ${literal(given[name]!)}`),
    ...(given.quote === undefined ? [] : [`quote = ${literal(given.quote)}`]),
    ...(given.escape === undefined
      ? []
      : [`escape = ${literal(given.escape)}`]),
  ];
  let found: Record<string, unknown> | undefined;
  try {
    [found] =
      file === undefined
        ? []
        : await query(
            `SELECT Delimiter AS delimiter, Quote AS quote, Escape AS escape FROM sniff_csv(${pathLiteral(
              file,
            )}, ${options.join(', ')})`,
          );
  } catch (error) {
    if (!(error instanceof QueryError)) {
      throw error;
    }
    // What cannot be read at all is refused where its columns are looked at.
  }
  const delimiter = String(found?.delimiter);
  const quote = found?.quote === `'` ? `'` : STANDARD.quote;
  return {
    ...standard,
    ...(DELIMITERS.includes(delimiter) && { delimiter }),
    quote,
    escape: found?.escape === '\\' ? '\\' : given.quote ?? quote,
    ...given,
  };
}
