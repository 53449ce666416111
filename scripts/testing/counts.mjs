/**
 * A test that failed, with what it said.
 *
 * @typedef {{name: string, message?: string}} Failure
 *
 * How many tests ended how, and those that failed.
 *
 * @typedef {{passed: number, failed: number, skipped: number, failures: Failure[]}} Counts
 */

/** @type {Readonly<Counts>} */
const none = { passed: 0, failed: 0, skipped: 0, failures: [] };

/** @param {number} count @returns {Counts} */
export const passed = count => ({ ...none, passed: count });

/** @param {number} count @returns {Counts} */
export const skipped = count => ({ ...none, skipped: count });

/** @param {...Failure} failures @returns {Counts} */
export const failed = (...failures) => ({
  ...none,
  failed: failures.length,
  failures,
});

/** @param {Counts[]} all @returns {Counts} */
export const sum = all =>
  all.reduce(
    (total, each) => ({
      passed: total.passed + each.passed,
      failed: total.failed + each.failed,
      skipped: total.skipped + each.skipped,
      failures: [...total.failures, ...each.failures],
    }),
    none,
  );

/** The line that `npm test` ends with. @param {Counts} counts */
export const inWords = counts =>
  `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
