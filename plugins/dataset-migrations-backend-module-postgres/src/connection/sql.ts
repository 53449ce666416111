import { escapeIdentifier, escapeLiteral } from 'pg';

/** Quotes a name for use in a statement. */
export const ident = escapeIdentifier;

/** Quotes text for use in a statement, where a parameter cannot stand. */
export const literal = escapeLiteral;

/** A table's name with its schema, quoted. */
export function qualified(name: { schema: string; table: string }): string {
  return `${ident(name.schema)}.${ident(name.table)}`;
}
