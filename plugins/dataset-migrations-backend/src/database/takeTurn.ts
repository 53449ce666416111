import { Knex } from 'knex';

/** What one of all processes does in a while; see the table `turns`. */
export type Turn = 'queue-supervision' | 'campaign-dispatch';

/**
 * Takes the turn to do something, if it was nobody's for that long.
 *
 * @returns whether it is this process's now; what it then does must bear being
 *   done by the next one too, should it take longer than that
 */
export async function takeTurn(
  knex: Knex,
  name: Turn,
  everyMs: number,
): Promise<boolean> {
  const taken = await knex('turns')
    .where({ name })
    .whereRaw(`taken_at <= now() - ? * interval '1 millisecond'`, [everyMs])
    .update({ taken_at: knex.fn.now() });
  return taken > 0;
}
