import { JsonObject } from '@backstage/types';
import { LoggerService } from '@backstage/backend-plugin-api';
import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { AgentDefinition } from '@skein/backstage-plugin-dataset-migrations-common';
import { builtInAgents } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import {
  Agent,
  AgentRunner,
  Batch,
  ImperativeAgentResult,
} from '@skein/backstage-plugin-dataset-migrations-node';

/** Half a character, as is left of one that was cut by UTF-16 units. */
const HALF_CHARACTER = /\p{Surrogate}/u;

/** What an {@link AgentRunner} of one job knows. */
export interface AgentRunnerOptions {
  migrationId: string;
  datasetRef: string;
  fence: number;
  logger: LoggerService;
}

/** The agents that steps may name: built in, and those that modules brought. */
export class AgentRegistry {
  private readonly agents = new Map<string, AgentDefinition | Agent>();

  /**
   * @param agents - besides those that are built in
   * @throws ConflictError when two agents have the same id
   */
  constructor(agents: Agent[] = []) {
    for (const agent of [...builtInAgents, ...agents]) {
      if (this.agents.has(agent.id)) {
        throw new ConflictError(`There are two agents '${agent.id}'`);
      }
      this.agents.set(agent.id, agent);
    }
  }

  /** What plans of a dataset are made with. */
  definitions(dataset: {
    entityRef: string;
    owner?: string;
  }): AgentDefinition[] {
    return [...this.agents.values()].filter(
      agent => !('allows' in agent) || (agent.allows?.(dataset) ?? true),
    );
  }

  /** Runs the imperative agents of one migration's mapping. */
  runner(options: AgentRunnerOptions): AgentRunner {
    return { run: request => this.run(options, request) };
  }

  private async run(
    options: AgentRunnerOptions,
    request: {
      agent: string;
      payload: JsonObject;
      batch: Batch;
      checkpoint: string;
      signal: AbortSignal;
    },
  ): Promise<ImperativeAgentResult> {
    const agent = this.agents.get(request.agent);
    if (!agent) {
      throw new NotFoundError(`There is no agent '${request.agent}'`);
    }
    if (!('run' in agent)) {
      throw new NotFoundError(`Agent '${request.agent}' takes no batches`);
    }
    request.signal.throwIfAborted();
    const result = await agent.run(request.batch, {
      payload: request.payload,
      migrationId: options.migrationId,
      datasetRef: options.datasetRef,
      checkpoint: request.checkpoint,
      fence: options.fence,
      signal: request.signal,
      logger: options.logger.child({ agent: request.agent }),
    });
    // What it did with an aborted batch is not to be relied on.
    request.signal.throwIfAborted();
    if (result.batch.rows.length !== request.batch.rows.length) {
      throw new ConflictError(
        `Agent '${request.agent}' returned ${result.batch.rows.length} rows for ${request.batch.rows.length}: agents change rows, they never add or remove any`,
      );
    }
    for (const row of result.batch.rows) {
      for (const [field, value] of Object.entries(row)) {
        if (typeof value === 'string' && HALF_CHARACTER.test(value)) {
          throw new InputError(
            `Agent '${request.agent}' returned half a character, which no store takes, in a text of the field '${field}'`,
          );
        }
      }
    }
    return result;
  }
}
