import { Knex } from 'knex';

/**
 * Notes that a receiver did not answer. Of several calls that were under way the
 * first one that fails counts.
 *
 * @param options.probed - whether it was known to rest, and was called to see
 *   whether it answers again
 * @param options.restAfter - seconds for which it is left alone after so many calls
 *   in vain, one after the other
 * @returns for how long it is left alone; undefined where another call has noted it
 */
export async function letRest(
  trx: Knex.Transaction,
  receiver: string,
  options: { probed: boolean; restAfter(failures: number): number },
): Promise<number | undefined> {
  const now = trx.fn.now();
  const [noted]: Array<{ failures: number }> = options.probed
    ? await trx('delivery_receivers')
        .where({ receiver })
        .update({ failures: trx.raw('failures + 1') })
        .returning('failures')
    : await trx('delivery_receivers')
        .insert({
          receiver,
          failures: 1,
          unreachable_since: now,
          retry_not_before: now,
        })
        .onConflict('receiver')
        .ignore()
        .returning('failures');
  if (!noted) {
    return undefined;
  }
  const seconds = options.restAfter(noted.failures);
  await trx('delivery_receivers')
    .where({ receiver })
    .update({
      retry_not_before: trx.raw('now() + make_interval(secs => ?)', [seconds]),
      probed_until: null,
    });
  return seconds;
}

/** Lets a receiver that rests be called now, to see whether it answers again. */
export async function cutRestShort(
  knex: Knex,
  receiver: string,
): Promise<void> {
  await knex('delivery_receivers')
    .where({ receiver })
    .update({ retry_not_before: knex.fn.now(), probed_until: null });
}

/** Notes that a receiver that rested answers again. */
export async function endRest(knex: Knex, receiver: string): Promise<void> {
  await knex('delivery_receivers').where({ receiver }).delete();
}
