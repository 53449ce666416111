import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';

/** Periods are counted from a Monday, so that those of weeks begin on Mondays. */
const FIRST_PERIOD = '1970-01-05T00:00:00Z';

/**
 * The start of the period that is now, by the database's clock, if no digest was made
 * of it or of a later one: after a change of the setting nobody is told again of the
 * same time.
 *
 * @param everySeconds - how long a period is
 */
export async function findDuePeriod(
  knex: Knex,
  everySeconds: number,
): Promise<Date | undefined> {
  const { rows } = await knex.raw(
    `SELECT period_start FROM (
       SELECT ?::timestamptz + make_interval(secs => ? * floor(
         extract(epoch FROM now() - ?::timestamptz)::float8 / ?
       )) AS period_start
     ) AS period
     WHERE NOT EXISTS (
       SELECT FROM digests WHERE digests.period_start >= period.period_start
     )`,
    [FIRST_PERIOD, everySeconds, FIRST_PERIOD, everySeconds],
  );
  return rows[0]?.period_start;
}

/**
 * Takes a period for a digest. Who takes the same one meanwhile waits until the
 * transaction ends.
 *
 * @returns its id; undefined when another process has made it
 */
export async function takePeriod(
  trx: Knex.Transaction,
  periodStart: Date,
): Promise<string | undefined> {
  const rows: Array<{ id: string }> = await trx('digests')
    .insert({ id: randomUUID(), period_start: periodStart })
    .onConflict('period_start')
    .ignore()
    .returning('id');
  return rows[0]?.id;
}
