import { initPlanning, parseSql } from '../sqlParser';

const EXPRESSIONS = 5_000;

/** Parses many expressions, and tells how much memory that took at most, in kilobytes. */
async function parseMany(): Promise<void> {
  await initPlanning();
  const before = process.resourceUsage().maxRSS;
  for (let number = 0; number < EXPRESSIONS; number++) {
    parseSql(`a * 2 + ${number}`);
    if (number % 100 === 0) {
      // What V8 does beside is done while others have their turn.
      await new Promise(resolve => setImmediate(resolve));
    }
  }
  process.send!(process.resourceUsage().maxRSS - before);
}

parseMany();
