import { JsonObject } from '@backstage/types';
import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { Agent } from '../../agents/types';

/** What an agent must make of some rows. @public */
export interface AgentConformanceCase {
  payload: JsonObject;
  /** Fields of the dataset before the step. */
  fields: Field[];
  /** Fields of the dataset after the step. */
  target: Field[];
  /** Rows in the spelling of `Batch`. */
  rows: JsonObject[];
  /** The rows after the step, in the same order. */
  expected: JsonObject[];
}

/** An agent, with what its author says of it. @public */
export interface AgentConformance {
  agent: Agent;
  cases: AgentConformanceCase[];
  /** Payloads that no plan may take, and what the refusal must name. */
  rubbish: Array<{ payload: JsonObject; names: RegExp }>;
  /**
   * Milliseconds that a batch of the cases may take, and may go on after an
   * abort; 20 seconds by default.
   */
  patience?: number;
}

/** One thing that every agent must do. @public */
export interface AgentCheck {
  name: string;
  run(subject: AgentConformance): Promise<void>;
}
