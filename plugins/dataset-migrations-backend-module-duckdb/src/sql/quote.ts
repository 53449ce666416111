import { InputError } from '@backstage/errors';
// Not from the package's entry, which would load the database into the worker.
import { quotedIdentifier, quotedString } from '@duckdb/node-api/lib/sql';

/**
 * Quotes a name for use in a statement.
 *
 * @throws InputError for a NUL character, which would end the statement
 */
export function ident(name: string): string {
  return quotedIdentifier(withoutNul(name));
}

/**
 * Quotes text for use in a statement.
 *
 * @throws InputError for a NUL character, which would end the statement
 */
export function literal(text: string): string {
  return quotedString(withoutNul(text));
}

/** Quotes a path where DuckDB expects a pattern; its signs stand for themselves. */
export function pathLiteral(path: string): string {
  return literal(path.replace(/[*?[]/g, sign => `[${sign}]`));
}

function withoutNul(text: string): string {
  if (text.includes('\0')) {
    throw new InputError(
      `${JSON.stringify(text.slice(0, 200))} has a NUL character`,
    );
  }
  return text;
}
