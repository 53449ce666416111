import { SharedSequence } from '../control/runs';
import { Session } from '../connection/Session';
import { ident, literal } from '../connection/sql';
import { Place, RunContext } from '../RunContext';
import { readTable } from '../table/readTable';

/**
 * The statements that make the sequences of two identity columns take turns, as
 * both tables get rows and each row is in both: they step twice as far, one of
 * them from a step further on. Sequences of serial columns are one already.
 */
export async function interleaving(
  session: Session,
  context: RunContext,
  sequences: SharedSequence[],
): Promise<string[]> {
  const statements: string[] = [];
  for (const { old, fresh } of await pairs(session, context, sequences)) {
    const [{ step }] = await session.query(
      'SELECT seqincrement AS step FROM pg_sequence WHERE seqrelid = $1::regclass',
      [old],
    );
    statements.push(
      `SELECT setval(${literal(old)}::regclass, next, false), setval(${literal(
        fresh,
      )}::regclass, next + ${BigInt(step)}, false)
       FROM (SELECT last_value + CASE WHEN is_called THEN ${BigInt(
         step,
       )} ELSE 0 END AS next FROM ${old}) AS old`,
      ...[old, fresh].map(sequence => stepBy(sequence, BigInt(step) * 2n)),
    );
  }
  return statements;
}

/** Undoes {@link interleaving}: both go on behind what either has given. */
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
      await session.query(stepBy(sequence, BigInt(step)));
    }
    const furthest = BigInt(step) > 0n ? 'greatest' : 'least';
    await session.query(
      `SELECT setval($1::regclass, last), setval($2::regclass, last)
       FROM (SELECT ${furthest}((SELECT last_value FROM ${old}), (SELECT last_value FROM ${fresh})) AS last) AS furthest`,
      [old, fresh],
    );
  }
}

function stepBy(sequence: string, step: bigint): string {
  return `ALTER SEQUENCE ${sequence} INCREMENT BY ${step}`;
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
