import { seededRandom } from '../lib/random';
import { Blow, describeBlow, drawBlows, THOROUGH } from './blows';
import { Subject, subjects } from './catalog';
import { fewMixedRows, mixedRows } from './mixedRows';
import { Outcome, strike, undisturbed } from './strike';
import { startTortureWorld } from './tortureWorld';

interface Failure {
  subject: Subject;
  blow: string;
  message: string;
}

export interface SuiteReport {
  suite: string;
  seed: number;
  rounds: number;
  failures: Failure[];
}

/**
 * Kills workers and PostgreSQL in the middle of migrations, forward, back,
 * cancelled and retired, and looks whether every run ends right (G3) and every reader sees
 * a whole version all the while (G2).
 *
 * @param options - `rounds` is how many random moments each engine's worker, and
 *   PostgreSQL, is killed at; how many points, see {@link drawBlows}. Where they
 *   are few, so are the rows.
 */
export async function runCrashSuite(options: {
  seed: number;
  rounds: number;
  log: (message: string) => void;
}): Promise<SuiteReport> {
  const { seed, rounds, log } = options;
  const random = seededRandom(seed);
  const failures: Failure[] = [];
  const world = await startTortureWorld('crash', {
    material: rounds < THOROUGH ? fewMixedRows : mixedRows,
  });
  try {
    await world.keepWorkers(2);
    for (const subject of subjects) {
      const usualSeconds = await undisturbed(world, subject);
      log(`${subject}: undisturbed it takes ${usualSeconds.toFixed(1)} s`);
      const blows = drawBlows(rounds, random);
      for (const [index, drawn] of blows.entries()) {
        const { blow, wrong } = await strikeInTime(drawn, each =>
          strike({ world, subject, blow: each, usualSeconds }),
        );
        const name = describeBlow(blow);
        log(
          `${subject} ${index + 1}/${blows.length}: ${name}: ${
            wrong.length ? wrong.join('; ') : 'ended right'
          }`,
        );
        failures.push(
          ...wrong.map(message => ({ subject, blow: name, message })),
        );
      }
    }
  } finally {
    await world.stop();
  }
  return { suite: 'crash', seed, rounds, failures };
}

/** A blow that fell too late hit nobody, and is struck again, earlier. */
async function strikeInTime(
  drawn: Blow,
  strikeWith: (blow: Blow) => Promise<Outcome>,
): Promise<{ blow: Blow; wrong: string[] }> {
  let blow = drawn;
  let outcome = await strikeWith(blow);
  while (outcome.late && 'fraction' in blow && !outcome.wrong.length) {
    blow = { ...blow, fraction: blow.fraction * 0.7 };
    outcome = await strikeWith(blow);
  }
  return { blow, wrong: outcome.wrong };
}
