import { setTimeout as wait } from 'node:timers/promises';

/** Less than any test may take, so that a failure says what was waited for. */
const PATIENCE_MS = 50_000;

/** Nothing takes so long between two signs that it goes on. */
const STANDSTILL_MS = 120_000;

/**
 * Milliseconds between two looks: few at first, for what is soon there, and more with
 * each, as every look costs those who do the work.
 */
const FIRST_PAUSE_MS = 10;
const PAUSE_GROWTH = 1.5;
const LONGEST_PAUSE_MS = 250;

/**
 * Waits until `read` gives something other than undefined or false.
 * @throws Error saying what was waited for, when it has not after 50 seconds
 */
export async function poll<T>(
  what: string | (() => string),
  read: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  return look(
    async () => ({ seen: await read(), isTooLate: Date.now() > deadline }),
    () => (typeof what === 'string' ? what : what()),
  );
}

/**
 * Waits for something that many datasets make slow, as long as it moves on.
 *
 * @param read - what was waited for, once it is there, and something that changes
 *   whenever it has come closer
 * @throws Error saying what was waited for, when nothing moved for two minutes
 */
export async function whileItMoves<T>(
  what: string,
  read: () => Promise<{ done: T | undefined | false; moved: unknown }>,
): Promise<T> {
  let last: unknown;
  let movedAt = Date.now();
  return look(
    async () => {
      const { done, moved } = await read();
      if (moved !== last) {
        last = moved;
        movedAt = Date.now();
      }
      return { seen: done, isTooLate: Date.now() - movedAt > STANDSTILL_MS };
    },
    () => `${what}: ${last}`,
  );
}

async function look<T>(
  read: () => Promise<{ seen: T | undefined | false; isTooLate: boolean }>,
  what: () => string,
): Promise<T> {
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    const { seen, isTooLate } = await read();
    if (seen !== undefined && seen !== false) {
      return seen;
    }
    if (isTooLate) {
      throw new Error(`Waited in vain for ${what()}`);
    }
    await wait(pause);
    pause = Math.min(pause * PAUSE_GROWTH, LONGEST_PAUSE_MS);
  }
}
