import { Knex } from 'knex';

/** Until a turn is looked for again that somebody else has, in case they are gone. */
const OTHERS_LOOK_MS = 3_000;

/** A timer may be early, and who has the turn would miss the next one. */
const TIMER_SLACK_MS = 5;

/** What one of all processes does in a while; see the table `turns`. */
export type Turn = 'queue-supervision' | 'campaign-dispatch';

/**
 * Takes the turn to do something, if it was nobody's for that long. A turn
 * that was never taken, or in a future that only another server's clock knew,
 * is free.
 *
 * @returns whether it is this process's now; what it then does must bear being
 *   done by the next one too, should it take longer than that
 */
export async function takeTurn(
  knex: Knex,
  name: Turn,
  everyMs: number,
): Promise<boolean> {
  const { rows } = await knex.raw(
    `WITH taken AS (
       UPDATE turns SET taken_at = now()
       WHERE name = :name AND abs(extract(epoch FROM now() - taken_at)) * 1000 >= :everyMs
       RETURNING name
     ), made AS (
       INSERT INTO turns (name, taken_at)
       SELECT :name, now() WHERE NOT EXISTS (SELECT FROM turns WHERE name = :name)
       ON CONFLICT DO NOTHING
       RETURNING name
     )
     SELECT name FROM taken UNION ALL SELECT name FROM made`,
    { name, everyMs },
  );
  return rows.length > 0;
}

/**
 * Milliseconds until a process asks for the turn again: who has it goes on with
 * it, and the others ask more rarely.
 */
export function untilNextTurn(taken: boolean, everyMs: number): number {
  return taken
    ? everyMs + TIMER_SLACK_MS
    : Math.max(everyMs, Math.min(3 * everyMs, OTHERS_LOOK_MS));
}
