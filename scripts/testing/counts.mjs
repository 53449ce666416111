/**
 * How many tests ended how.
 *
 * @typedef {{passed: number, failed: number, skipped: number}} Counts
 */

/** @param {number} count @returns {Counts} */
export const passed = count => ({ passed: count, failed: 0, skipped: 0 });

/** @param {number} count @returns {Counts} */
export const failed = count => ({ passed: 0, failed: count, skipped: 0 });

/** @param {Counts[]} all @returns {Counts} */
export const sum = all =>
  all.reduce(
    (total, each) => ({
      passed: total.passed + each.passed,
      failed: total.failed + each.failed,
      skipped: total.skipped + each.skipped,
    }),
    passed(0),
  );

/** The line that `npm test` ends with. @param {Counts} counts */
export const inWords = counts =>
  `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
