import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CACHE, ROOT } from '../lib/paths.mjs';
import { nodeArguments } from '../lib/run-ts.mjs';
import { Explained } from '../lib/say.mjs';
import { failed, passed, skipped, sum } from './counts.mjs';
import { runNodeTests } from './node-tests.mjs';

/**
 * The parts of `npm test`, by name. Each runs its programs through `run`, which
 * shows what they print, and returns how many tests passed, failed and were
 * skipped; a check that is no test suite counts as one.
 *
 * @typedef {object} PartContext
 * @property {(command: string, args: string[], options?: object) => Promise<{code: number | null, output: string}>} run
 * @property {(text: string) => void} print
 *
 * @typedef {(context: PartContext) => Promise<import('./counts.mjs').Counts>} Part
 */

/** @type {(command: string, args: string[]) => Part} */
const check =
  (command, args) =>
  async ({ run }) => {
    const { code, output } = await run(command, args);
    const name = [command, ...args].join(' ');
    return code === 0 ? passed(1) : failed({ name, message: output });
  };

/** The failed tests in one file of Jest's report. */
function failuresOfFile({ name, status, message, assertionResults }) {
  const file = relative(ROOT, name);
  const failures = assertionResults
    .filter(test => test.status === 'failed')
    .map(test => ({
      name: `${file}: ${test.fullName}`,
      message: test.failureMessages.join('\n'),
    }));
  // A file that could not be run at all has no tests to name.
  return failures.length || status !== 'failed'
    ? failures
    : [{ name: file, message }];
}

/** Jest on all packages, with its numbers from the file that it writes. */
async function jest({ run }) {
  mkdirSync(CACHE, { recursive: true });
  const report = join(CACHE, `jest-${process.pid}.json`);
  const { code } = await run('backstage-cli', [
    'repo',
    'test',
    '--watchAll=false',
    '--maxWorkers=2',
    // One that is started anew, as it is from 1 GB on, loads everything again.
    '--workerIdleMemoryLimit=2000M',
    // What takes a second here takes ten on a busy machine.
    '--testTimeout=60000',
    '--json',
    `--outputFile=${report}`,
  ]);
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch (error) {
    throw new Explained(`Jest wrote no report (exit code ${code})`, {
      cause: error,
    });
  } finally {
    rmSync(report, { force: true });
  }
  return sum([
    passed(result.numPassedTests),
    skipped(result.numPendingTests + result.numTodoTests),
    failed(...result.testResults.flatMap(failuresOfFile)),
  ]);
}

/**
 * A fixed, short seed of `npm run torture`.
 *
 * @type {(suite: string, measure: 'rounds' | 'minutes', amount: number) => Part}
 */
const torture =
  (suite, measure, amount) =>
  async ({ run }) => {
    const args = ['--suite', suite, '--seed', '1', `--${measure}`, `${amount}`];
    const { code, output } = await run(process.execPath, [
      ...nodeArguments(),
      join(ROOT, 'scripts/commands/torture.ts'),
      ...args,
    ]);
    const name = ['npm run torture --', ...args].join(' ');
    return code === 0 ? passed(1) : failed({ name, message: output });
  };

/** @type {Record<string, Part>} */
export const parts = {
  prettier: check('prettier', ['--check', '.']),
  lint: async context =>
    sum([
      await check('backstage-cli', ['repo', 'lint', '--max-warnings', '0'])(
        context,
      ),
      await check('eslint', [
        '--max-warnings=0',
        '--ext=mjs,cjs,ts',
        'scripts',
        'e2e-tests',
        'benchmarks',
        'deploy',
      ])(context),
    ]),
  types: check('tsc', ['--pretty', 'false']),
  'api-reports': check('yarn', ['build:api-reports', '--ci']),
  scripts: runNodeTests(['scripts/**/*.test.mjs']),
  deploy: runNodeTests(['deploy/tests/**/*.test.mjs']),
  jest,
  // Pages are drawn while somebody waits for them.
  browser: runNodeTests(['e2e-tests/browser/*.e2e.ts']),
  // Each has a world of its own and waits for much, above all for dead workers.
  // What takes longest comes first, so that nothing runs alone in the end.
  e2e: runNodeTests(
    ['e2e-tests/fleet/*.e2e.ts', 'e2e-tests/!(browser)/*.e2e.ts'],
    { concurrency: 2 },
  ),
  'torture-crash': torture('crash', 'rounds', 1),
  // One round each without a blow, with a dead worker, with a dead server.
  'torture-writes': torture('writes', 'rounds', 3),
  'torture-fleet': torture('fleet', 'minutes', 3),
};
