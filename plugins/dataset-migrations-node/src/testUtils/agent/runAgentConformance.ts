/* eslint-disable jest/no-export, jest/expect-expect -- it makes tests for others, whose checks assert */
import { agentConformanceChecks } from './agentChecks';
import { AgentConformance } from './types';

/**
 * Declares one jest test for every check of the agent kit. To run the checks by
 * a program, see {@link agentConformanceChecks}.
 *
 * @public
 */
export function runAgentConformance(subject: AgentConformance): void {
  describe(`agent conformance of ${subject.agent.id}`, () => {
    it.each(agentConformanceChecks.map(check => [check.name, check] as const))(
      '%s',
      (_name, check) => check.run(subject),
    );
  });
}
