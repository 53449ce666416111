import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks until the answer is there. Polls by need: nothing is asserted about how
 * long it takes, `patienceSeconds` only keeps a broken run from hanging.
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  patienceSeconds = 300,
): Promise<T> {
  const deadline = Date.now() + patienceSeconds * 1000;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    await delay(100);
  }
  throw new Error(
    `${what}: still not so after ${patienceSeconds} s${
      last ? ` (${last instanceof Error ? last.message : last})` : ''
    }`,
  );
}
