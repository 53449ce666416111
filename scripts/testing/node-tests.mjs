import { globSync } from 'node:fs';
import { relative } from 'node:path';
import { run as runTests } from 'node:test';
import { spec as Spec } from 'node:test/reporters';
import { ROOT } from '../lib/paths.mjs';
import { nodeArguments } from '../lib/run-ts.mjs';
import { failed, passed, skipped, sum } from './counts.mjs';

/** What a test threw, which the runner wraps. */
function describeError({ message, cause }) {
  return cause === undefined ? message : String(cause?.stack ?? cause);
}

/**
 * Runs files of Node's own test runner, one after another, each in a process of
 * its own that can run TypeScript.
 *
 * @param {string} pattern - Glob, from the root.
 * @returns {import('./parts.mjs').Part}
 */
export function runNodeTests(pattern) {
  return async ({ print }) => {
    const files = globSync(pattern, {
      cwd: ROOT,
      exclude: name => name === 'node_modules',
    });
    const outcomes = [];
    const stream = runTests({
      cwd: ROOT,
      files: files.sort(),
      concurrency: 1,
      execArgv: nodeArguments(),
    });
    const count = outcome => data => {
      // A suite is not a test; its tests are counted.
      if (data.details?.type === 'suite') return;
      const left = data.skip !== undefined || data.todo !== undefined;
      outcomes.push(left ? skipped(1) : outcome(data));
    };
    stream.on(
      'test:pass',
      count(() => passed(1)),
    );
    stream.on(
      'test:fail',
      count(({ name, file, details: { error } }) =>
        failed({
          name: file ? `${relative(ROOT, file)}: ${name}` : name,
          message: describeError(error),
        }),
      ),
    );
    for await (const text of stream.compose(new Spec())) print(String(text));
    return sum(outcomes);
  };
}
