import { readFileSync } from 'node:fs';
import { initPlanning, parseSql } from '../sqlParser';

const EXPRESSIONS = 5_000;

/** Memory that this process has had at most, in kilobytes. */
function peak(): number {
  if (process.platform !== 'linux') {
    return process.resourceUsage().maxRSS;
  }
  // There it says what the process had that forked this one, if that was more.
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)![1]);
}

/** Parses many expressions, and tells how much memory that took at most. */
async function parseMany(): Promise<void> {
  await initPlanning();
  const before = peak();
  for (let number = 0; number < EXPRESSIONS; number++) {
    parseSql(`a * 2 + ${number}`);
    if (number % 100 === 0) {
      // What V8 does beside is done while others have their turn.
      await new Promise(resolve => setImmediate(resolve));
    }
  }
  process.send!(peak() - before);
}

parseMany();
