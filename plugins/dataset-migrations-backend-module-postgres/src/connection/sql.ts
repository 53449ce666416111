import { escapeIdentifier, escapeLiteral } from 'pg';
import { Session } from './Session';

/**
 * From the first lock that others wait for, a further one is waited for no
 * longer than that: whoever holds it may be waiting for the first.
 */
export const WAIT_BRIEFLY = `SET LOCAL lock_timeout = '20ms'`;

/** Quotes a name for use in a statement. */
export const ident = escapeIdentifier;

/** Quotes text for use in a statement, where a parameter cannot stand. */
export const literal = escapeLiteral;

/** A table's name with its schema, quoted. */
export function qualified(name: { schema: string; table: string }): string {
  return `${ident(name.schema)}.${ident(name.table)}`;
}

/**
 * Storage options as a list between parentheses takes them.
 *
 * @param options - as the catalog keeps them: `fillfactor=20`
 */
export function optionList(options: string[]): string {
  return options
    .map(option => {
      const [name, ...value] = option.split('=');
      const quoted = name.split('.').map(ident).join('.');
      return `${quoted} = ${literal(value.join('='))}`;
    })
    .join(', ');
}

/** Runs statements in their order, in one request to the server. */
export async function runAll(
  session: Session,
  statements: string[],
): Promise<void> {
  if (statements.length > 0) {
    await session.execute(statements.join(';\n'));
  }
}
