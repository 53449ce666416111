import { randomUUID } from 'crypto';

/**
 * How text of ours is told from DuckDB's own messages. It differs from process
 * to process, so that no value in a file can pass for it.
 */
export const FAILURE_MARK = `skein ${randomUUID()}: `;

/** Classes of DuckDB's errors that speak of statements, files, resources. */
const WITHOUT_ROWS =
  /^(Binder|Catalog|Dependency|INTERRUPT|IO|Missing Extension|Not implemented|Out of Memory|Parser|Permission|Settings) Error: /;

/** What DuckDB says of a file as a whole, by number or name. */
const OF_FILES = [
  /^Invalid Input Error: (CSV Error on Line: \d+)/,
  /^Invalid Input Error: (Error when sniffing file "[^"]*")/,
  /^Invalid Input Error: (Malformed JSON in file "[^"]*", at byte \d+ in (?:line|record\/value) \d+)/,
  /^Invalid Input Error: (No magic bytes found at end of file '[^']*')/,
];

/** The kinds of errors whose messages quote the value they are about. */
const KINDS: Record<string, string> = {
  Constraint: 'a key occurs twice or a required value is missing',
  Conversion: 'a value is not written as its type is',
  'Invalid Input': 'the file or a value in it cannot be read',
  'Mismatch Type': 'a value is of another type than it has to be',
  'Out of Range': 'a value is out of range',
};

/**
 * The message that may be kept and shown to everybody who may read the
 * migration: what {@link Scope.fail} said, or DuckDB's own words where they
 * cannot quote a row, or else the kind of error (G11). Without the statement
 * that DuckDB repeats and its hints for who wrote it.
 */
export function cleanMessage(message: string): string {
  const own = ownMessage(message);
  if (own !== undefined) {
    return own;
  }
  if (WITHOUT_ROWS.test(message)) {
    return message.split(/\n\nLINE |\nPossible fixes/)[0];
  }
  for (const pattern of OF_FILES) {
    const found = pattern.exec(message);
    if (found) {
      return found[1];
    }
  }
  const kind = /^([A-Z][A-Za-z ]{2,30}) Error: /.exec(message)?.[1];
  return (
    (kind && KINDS[kind]) ?? `DuckDB failed with ${kind ?? 'an unknown'} error`
  );
}

function ownMessage(message: string): string | undefined {
  const begin = message.indexOf(FAILURE_MARK);
  const end = message.lastIndexOf(`' to INT8`);
  return begin >= 0 && end > begin
    ? message.slice(begin + FAILURE_MARK.length, end)
    : undefined;
}
