import { Moves } from '../carry/carryOver';
import { Session } from '../connection/Session';
import {
  ident,
  literal,
  qualified,
  runAll,
  WAIT_BRIEFLY,
} from '../connection/sql';
import { SharedSequence } from '../control/runs';
import { Place, RunContext } from '../RunContext';

/** How one table takes the place of another. */
export interface Replacement {
  /** Schema of the table that becomes the live one. */
  incoming: string;
  /** Schema into which the live one goes; exists. */
  aside: string;
  /** Of both tables; they move with them. */
  partitions?: Place[];
  /** Of columns of both, in the sense of the swap. */
  sequences: SharedSequence[];
  /** What hangs on the live table. */
  leaving: Moves;
  /** What will hang on the one that takes its place. */
  entering: Moves;
}

/**
 * Puts one table in the place of another and that one aside, with their
 * indexes, constraints and own sequences, and with what hangs on them. To be
 * called with the live table locked; both stand or fall with the transaction.
 * One request to the server, as everybody waits for its answer.
 */
export async function replaceTable(
  session: Session,
  context: RunContext,
  replacement: Replacement,
): Promise<void> {
  await runAll(session, [
    ...moveStatements(context, replacement),
    ...replacement.entering.attach,
  ]);
}

/**
 * The statements of {@link replaceTable}, but for those that put on what hangs on
 * the new table: they come when all tables that are switched together have their
 * names.
 */
export function moveStatements(
  { place, live }: RunContext,
  options: Replacement,
): string[] {
  const { schema } = place;
  const sequenceIn = (where: string, { name }: SharedSequence) =>
    qualified({ schema: where, table: name });
  const serials = options.sequences.filter(({ kind }) => kind === 'serial');
  const identities = options.sequences.filter(
    ({ kind }) => kind === 'identity',
  );
  return [
    WAIT_BRIEFLY,
    // A table with checks that wait for the commit cannot be altered.
    'SET CONSTRAINTS ALL IMMEDIATE',
    ...options.leaving.detach,
    // The new sequence goes on where the old one stands.
    ...identities.map(
      sequence =>
        `SELECT setval(${literal(
          sequenceIn(options.incoming, sequence),
        )}::regclass, last_value, is_called) FROM ${sequenceIn(
          schema,
          sequence,
        )}`,
    ),
    // A sequence of a serial column belongs to one table only, and both use it.
    ...serials.map(
      sequence =>
        `ALTER SEQUENCE ${sequenceIn(schema, sequence)} OWNED BY NONE`,
    ),
    ...[place, ...(options.partitions ?? [])].flatMap(one => [
      `ALTER TABLE ${qualified(one)} SET SCHEMA ${ident(options.aside)}`,
      `ALTER TABLE ${qualified({
        schema: options.incoming,
        table: one.table,
      })} SET SCHEMA ${ident(one.schema)}`,
    ]),
    ...serials.map(
      sequence =>
        `ALTER SEQUENCE ${sequenceIn(
          schema,
          sequence,
        )} OWNED BY ${live}.${ident(sequence.to)}`,
    ),
  ];
}
