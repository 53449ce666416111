import { setTimeout as delay } from 'node:timers/promises';

/** Between the first two questions, and at most, in milliseconds. */
const SHORTEST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;

/**
 * Asks until the answer is there, more and more seldom, as questions cost those
 * whose work is waited for. Nothing is asserted about how long it takes:
 * `patienceSeconds` only keeps a broken run from hanging.
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  patienceSeconds = 300,
): Promise<T> {
  const deadline = Date.now() + patienceSeconds * 1000;
  let pause = SHORTEST_PAUSE;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    await delay(pause);
    pause = Math.min(pause * 1.25, LONGEST_PAUSE);
  }
  throw new Error(
    `${what}: still not so after ${patienceSeconds} s${
      last ? ` (${last instanceof Error ? last.message : last})` : ''
    }`,
  );
}
