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
 * Runs files of Node's own test runner, each in a process of its own that can
 * run TypeScript.
 *
 * @param {string[]} patterns - Globs, from the root; their files begin in this
 *   order.
 * @param {{ concurrency?: number }} [options] - How many files at a time; one
 *   by default.
 * @returns {import('./parts.mjs').Part}
 */
export function runNodeTests(patterns, { concurrency = 1 } = {}) {
  return async ({ print }) => {
    const files = patterns.flatMap(pattern =>
      globSync(pattern, {
        cwd: ROOT,
        exclude: name => name === 'node_modules',
      }).sort(),
    );
    const outcomes = [];
    const stream = runTests({
      cwd: ROOT,
      files: [...new Set(files)],
      concurrency,
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
