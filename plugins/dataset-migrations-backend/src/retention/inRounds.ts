import { Knex } from 'knex';

/**
 * Removes what ended before a moment.
 *
 * @returns of how many
 * @throws the signal's reason when it is aborted
 */
export type Removal = (context: {
  knex: Knex;
  before: Date;
  signal: AbortSignal;
}) => Promise<number>;

/** Rows of one statement: so many are locked at a time, and for so long. */
export const ROUND = 1_000;

/**
 * Does something to many rows, a bounded number of them per statement.
 *
 * @param round - one statement, on at most {@link ROUND} rows
 * @returns the number of rows over all rounds
 * @throws the signal's reason when it is aborted between two rounds
 */
export async function inRounds(
  signal: AbortSignal,
  round: () => Promise<number>,
): Promise<number> {
  let total = 0;
  for (;;) {
    signal.throwIfAborted();
    const count = await round();
    total += count;
    if (count < ROUND) {
      return total;
    }
  }
}
