import { Knex } from 'knex';

/**
 * Lets the jobs of a queue with one of these keys that wait start no sooner than
 * in so many seconds. The library moves jobs one by one, by their ids.
 */
export async function postponeJobs(
  trx: Knex.Transaction,
  options: { schema: string; queue: string; keys: string[]; seconds: number },
): Promise<void> {
  const { schema, queue, keys, seconds } = options;
  const until = trx.raw('now() + make_interval(secs => ?)', [seconds]);
  await trx
    .withSchema(schema)
    .from('job')
    .where({ name: queue })
    // As its index of keys has it.
    .whereRaw(`state < 'active'`)
    .whereRaw('singleton_key = any(?)', [keys])
    .where('start_after', '<', until)
    .update({ start_after: until });
}
