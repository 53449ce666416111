import { setTimeout as wait } from 'timers/promises';

/** Asks again and again until the answer is yes. */
export async function until(
  question: () => Promise<boolean>,
  attempts: number = 500,
): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (await question()) {
      return;
    }
    await wait(20);
  }
  throw new Error(`It did not come true: ${question}`);
}
