import { ConflictError } from '@backstage/errors';
import { RunContext } from '../RunContext';
import { namesOfPlaces } from './together';

/** Times that the lock is given back to bring more over without it. */
const RETREATS = 20;

/** Gives the lock back, with all that was done under it. */
export class Retreat extends Error {
  constructor(readonly reason: 'written' | 'seen') {
    super(`The lock is given back, as the table is ${reason}`);
  }
}

/**
 * Attempts something under the lock of tables until it is done. Rounds for those
 * who see a table are not counted here: they end by their own time.
 *
 * @param steps.attempt - throws {@link Retreat} when it is to be tried again
 * @param steps.bringOver - brings most of the writes over, without the lock
 * @throws ConflictError when applications write faster than that
 */
export async function withRetreats(
  tables: RunContext[],
  steps: { attempt(): Promise<void>; bringOver(): Promise<void> },
): Promise<void> {
  for (let retreats = 0; retreats < RETREATS; ) {
    try {
      await steps.attempt();
      return;
    } catch (error) {
      if (!(error instanceof Retreat)) {
        throw error;
      }
      retreats += error.reason === 'written' ? 1 : 0;
      await steps.bringOver();
    }
  }
  throw new ConflictError(
    `${namesOfPlaces(
      tables,
    )} is written faster than its writes can be brought over; nothing was switched. Retry when it is written less.`,
  );
}
