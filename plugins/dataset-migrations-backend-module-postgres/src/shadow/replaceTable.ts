import { Session } from '../connection/Session';
import { ident, qualified } from '../connection/sql';
import { SharedSequence } from '../control/runs';
import { Place, RunContext } from '../RunContext';
import { readTable } from '../table/readTable';

/**
 * Puts one table in the place of another and that one aside, with their
 * indexes, constraints and own sequences. To be called with the live table
 * locked; both stand or fall with the transaction.
 *
 * @param options.incoming - schema of the table that becomes the live one
 * @param options.aside - schema into which the live one goes; exists
 * @param options.sequences - of columns of both, in the sense of the swap
 */
export async function replaceTable(
  session: Session,
  { place, live }: RunContext,
  options: { incoming: string; aside: string; sequences: SharedSequence[] },
): Promise<void> {
  const incoming: Place = { schema: options.incoming, table: place.table };
  const serials = options.sequences.filter(({ kind }) => kind === 'serial');
  const identities = options.sequences.filter(
    ({ kind }) => kind === 'identity',
  );
  for (const { from, to } of identities) {
    await alignIdentity(session, place, from, incoming, to);
  }
  // A sequence of a serial column belongs to one table only, and both use it.
  const owned = await Promise.all(
    serials.map(async ({ from, to }) => ({
      sequence: await sequenceOf(session, place, from),
      to,
    })),
  );
  for (const { sequence } of owned) {
    if (sequence) {
      await session.query(`ALTER SEQUENCE ${sequence} OWNED BY NONE`);
    }
  }
  await session.query(`ALTER TABLE ${live} SET SCHEMA ${ident(options.aside)}`);
  await session.query(
    `ALTER TABLE ${qualified(incoming)} SET SCHEMA ${ident(place.schema)}`,
  );
  for (const { sequence, to } of owned) {
    if (sequence) {
      await session.query(
        `ALTER SEQUENCE ${sequence} OWNED BY ${live}.${ident(to)}`,
      );
    }
  }
}

/** The new sequence goes on where the old one stands. */
async function alignIdentity(
  session: Session,
  old: Place,
  from: string,
  incoming: Place,
  to: string,
): Promise<void> {
  const before = await sequenceOf(session, old, from);
  const after = await sequenceOf(session, incoming, to);
  if (before && after) {
    await session.query(
      `SELECT setval($1::regclass, last_value, is_called) FROM ${before}`,
      [after],
    );
  }
}

async function sequenceOf(
  session: Session,
  place: Place,
  column: string,
): Promise<string | undefined> {
  const table = await readTable(session, place);
  const found = table?.columns.find(({ name }) => name === column)?.sequence;
  return found && `${ident(found.schema)}.${ident(found.name)}`;
}
