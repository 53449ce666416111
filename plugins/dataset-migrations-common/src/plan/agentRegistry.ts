import { ConflictError, InputError } from '@backstage/errors';
import { AgentDefinition } from '../agents/types';
import { compileJsonSchema, JsonSchemaCheck } from '../documents/jsonSchema';
import { formatProblem } from '../documents/problems';
import { MigrationStep } from './types';

/** Compiling a schema takes milliseconds; definitions live as long as the process. */
const checks = new WeakMap<AgentDefinition, JsonSchemaCheck>();

function checkOf(agent: AgentDefinition): JsonSchemaCheck {
  let check = checks.get(agent);
  if (!check) {
    check = compileJsonSchema(agent.payloadSchema);
    checks.set(agent, check);
  }
  return check;
}

/** The agents that the steps of a plan may name. */
export class AgentRegistry {
  private readonly agents = new Map<string, AgentDefinition>();

  constructor(agents: readonly AgentDefinition[]) {
    for (const agent of agents) {
      if (this.agents.has(agent.id)) {
        throw new ConflictError(`There are two agents called ${agent.id}`);
      }
      this.agents.set(agent.id, agent);
    }
  }

  /**
   * The agent of a step, whose payload it has checked.
   *
   * @throws InputError naming the agent, or the payload's path and value
   */
  agentOf(step: MigrationStep): AgentDefinition {
    const agent = this.agents.get(step.agent);
    if (!agent) {
      throw new InputError(
        `there is no agent ${JSON.stringify(step.agent)}; there are ${[
          ...this.agents.keys(),
        ].join(', ')}`,
      );
    }
    const problems = checkOf(agent)(step.payload);
    if (problems.length > 0) {
      throw new InputError(
        `payload: ${problems.map(formatProblem).join('; ')}`,
      );
    }
    return agent;
  }
}
