import { SharedSequence } from '../control/runs';
import { Session } from '../connection/Session';
import { ident } from '../connection/sql';
import { Place, RunContext } from '../RunContext';
import { readTable } from '../table/readTable';

/**
 * Makes the sequences of two identity columns take turns, as both tables get
 * rows and each row is in both: they step twice as far, one of them from a step
 * further on. Sequences of serial columns are one already.
 */
export async function interleave(
  session: Session,
  context: RunContext,
  sequences: SharedSequence[],
): Promise<void> {
  for (const { old, fresh } of await pairs(session, context, sequences)) {
    const [{ step }] = await session.query(
      'SELECT seqincrement AS step FROM pg_sequence WHERE seqrelid = $1::regclass',
      [old],
    );
    await session.query(
      `SELECT setval($1::regclass, next, false), setval($2::regclass, next + $3::bigint, false)
       FROM (SELECT last_value + CASE WHEN is_called THEN $3::bigint ELSE 0 END AS next FROM ${old}) AS old`,
      [old, fresh, step],
    );
    for (const sequence of [old, fresh]) {
      await setStep(session, sequence, BigInt(step) * 2n);
    }
  }
}

/** Undoes {@link interleave}: both go on behind what either has given. */
export async function partSequences(
  session: Session,
  context: RunContext,
  sequences: SharedSequence[],
): Promise<void> {
  for (const { old, fresh } of await pairs(session, context, sequences)) {
    const [{ step }] = await session.query(
      'SELECT seqincrement / 2 AS step FROM pg_sequence WHERE seqrelid = $1::regclass',
      [old],
    );
    for (const sequence of [old, fresh]) {
      await setStep(session, sequence, BigInt(step));
    }
    const furthest = BigInt(step) > 0n ? 'greatest' : 'least';
    await session.query(
      `SELECT setval($1::regclass, last), setval($2::regclass, last)
       FROM (SELECT ${furthest}((SELECT last_value FROM ${old}), (SELECT last_value FROM ${fresh})) AS last) AS furthest`,
      [old, fresh],
    );
  }
}

async function setStep(session: Session, sequence: string, step: bigint) {
  await session.query(`ALTER SEQUENCE ${sequence} INCREMENT BY ${step}`);
}

/** The sequences of identity columns in the old table and in the new one. */
async function pairs(
  session: Session,
  { place, next }: RunContext,
  sequences: SharedSequence[],
): Promise<Array<{ old: string; fresh: string }>> {
  const identities = sequences.filter(({ kind }) => kind === 'identity');
  if (identities.length === 0) {
    return [];
  }
  const old = await sequencesOf(session, place);
  const fresh = await sequencesOf(session, { ...place, schema: next });
  return identities.map(({ from, to }) => ({
    old: old.get(from)!,
    fresh: fresh.get(to)!,
  }));
}

async function sequencesOf(
  session: Session,
  place: Place,
): Promise<Map<string, string>> {
  const table = await readTable(session, place);
  return new Map(
    table!.columns.flatMap(({ name, sequence }) =>
      sequence
        ? [[name, `${ident(sequence.schema)}.${ident(sequence.name)}`] as const]
        : [],
    ),
  );
}
