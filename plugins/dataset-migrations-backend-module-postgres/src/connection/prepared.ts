import { createHash } from 'crypto';

/** A statement that the server keeps for a connection, under a name. */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
}

/** SQL that is sent once, or a statement that is kept. */
export type Statement = string | PreparedStatement;

const known = new Map<string, PreparedStatement>();

/**
 * A statement that is sent in the same words time and again: the server reads and
 * plans it once for each connection, which for questions to the catalog takes longer
 * than to answer them.
 *
 * @param text - never with the name or a value of one dataset in it: each text stays
 *   with a connection, and here, for as long as they live; and without `SELECT *`:
 *   it fails once the columns of its result are others than they were
 */
export function prepared(text: string): PreparedStatement {
  const statement = known.get(text) ?? {
    name: `skein_${createHash('sha256')
      .update(text)
      .digest('hex')
      .slice(0, 32)}`,
    text,
  };
  known.set(text, statement);
  return statement;
}
