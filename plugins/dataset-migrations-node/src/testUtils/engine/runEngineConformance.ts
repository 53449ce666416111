/* eslint-disable jest/no-export, jest/expect-expect -- it makes tests for others, whose checks assert */
import { engineChecks } from './checks';
import { EngineHarness } from './types';

/**
 * Declares one jest test for every check of the kit, each with a harness of its
 * own. To run the checks by a program, see {@link engineChecks}.
 *
 * @public
 */
export function runEngineConformance(options: {
  createHarness(): Promise<EngineHarness>;
  /**
   * For one check, in milliseconds: five minutes by default, as some kill
   * hundreds of workers.
   */
  timeout?: number;
}): void {
  describe('engine conformance', () => {
    it.each(engineChecks.map(check => [check.name, check] as const))(
      '%s',
      async (_name, check) => {
        const harness = await options.createHarness();
        try {
          await check.run(harness);
        } finally {
          await harness.dispose();
        }
      },
      options.timeout ?? 300_000,
    );
  });
}
