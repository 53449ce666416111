import { JsonObject } from '@backstage/types';
import { LoggerService } from '@backstage/backend-plugin-api';
import {
  DeclarativeAgent,
  ImperativeAgentPlan,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Batch } from '../engine/types';

/**
 * What an imperative agent may know while it works on a batch. It must be
 * deterministic: the same batch and payload give the same rows, as a batch may
 * be done again after a crash and is done again by the verification.
 *
 * @public
 */
export interface ImperativeAgentContext<
  TPayload extends JsonObject = JsonObject,
> {
  payload: TPayload;
  migrationId: string;
  datasetRef: string;
  /** Where the batch begins; the same for a batch done again. */
  checkpoint: string;
  fence: number;
  signal: AbortSignal;
  logger: LoggerService;
}

/** @public */
export interface ImperativeAgentResult {
  batch: Batch;
  /** Rows that the agent changed. */
  rowsAffected: number;
}

/** @public */
export interface ImperativeAgent<TPayload extends JsonObject = JsonObject>
  extends ImperativeAgentPlan<TPayload> {
  /**
   * Whether plans of that dataset may name it; those of every dataset when
   * absent. Asked when a plan is made.
   */
  allows?(dataset: { entityRef: string; owner?: string }): boolean;
  /**
   * Returns as many rows as it got, in the same order. The message of what it
   * throws is kept with the migration and shown to everybody who may read it,
   * so it names fields and never values (G11).
   */
  run(
    batch: Batch,
    context: ImperativeAgentContext<TPayload>,
  ): Promise<ImperativeAgentResult>;
}

/** @public */
export type Agent = DeclarativeAgent<any> | ImperativeAgent<any>;

/**
 * Runs the imperative agents of a mapping; given to engines, which know nothing
 * of the registry.
 *
 * @public
 */
export interface AgentRunner {
  run(request: {
    agent: string;
    payload: JsonObject;
    batch: Batch;
    checkpoint: string;
    signal: AbortSignal;
  }): Promise<ImperativeAgentResult>;
}
