/* eslint-disable jest/no-export, jest/expect-expect -- it makes tests for others, whose checks assert */
import { notifierConformanceChecks } from './notifierChecks';
import { NotifierHarness } from './types';

/**
 * Declares one jest test for every check of the notifier kit, each with a
 * harness of its own.
 *
 * @public
 */
export function runNotifierConformance(options: {
  createHarness(): Promise<NotifierHarness>;
}): void {
  describe('notifier conformance', () => {
    it.each(
      notifierConformanceChecks.map(check => [check.name, check] as const),
    )('%s', async (_name, check) => {
      const harness = await options.createHarness();
      try {
        await check.run(harness);
      } finally {
        await harness.dispose();
      }
    });
  });
}
