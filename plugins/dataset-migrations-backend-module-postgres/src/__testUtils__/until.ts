import { setTimeout as wait } from 'timers/promises';

/** Less than a test may take, so that a failure says what was waited for. */
const PATIENCE_MS = 60_000;

/** Asks again and again until the answer is yes. */
export async function until(question: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await question())) {
    if (Date.now() > deadline) {
      throw new Error(`It did not come true: ${question}`);
    }
    await wait(20);
  }
}
