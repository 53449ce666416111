import {
  MigrationState,
  Stage,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { JobPayload } from '../queue/types';

/** How a piece of work ended; the only values of the label `outcome`. */
export type WorkOutcome = 'ok' | 'error' | 'aborted';

/** States of a migration that are an end or a halt, as counted by `.migrations.total`. */
export const MIGRATION_OUTCOMES = [
  'succeeded',
  'failed',
  'cancelled',
  'rolled-back',
  'blocked',
] as const satisfies readonly MigrationState[];

/** One of {@link MIGRATION_OUTCOMES}. */
export type MigrationOutcome = (typeof MIGRATION_OUTCOMES)[number];

/**
 * What the control plane tells about itself. Labels are of low cardinality:
 * never a dataset, a migration or a user; those are attributes of spans only.
 *
 * Nothing in here throws on its own account: `job` and `stage` pass on what
 * `fn` returns or throws.
 */
export interface Telemetry {
  /**
   * Runs a job in a span `dataset-migrations.job`, in the trace of who enqueued
   * it, and records `.job.duration` by task and outcome.
   */
  job<T>(task: JobPayload['task'], fn: () => Promise<T>): Promise<T>;

  /** Runs one slice of a stage in a span `dataset-migrations.stage`. */
  stageSlice<T>(
    slice: { stage: Stage; migrationId: string; datasetRef: string },
    fn: () => Promise<T>,
  ): Promise<T>;

  /** Records `.stage.duration`: from the first slice to the end of the stage. */
  stageEnded(stage: Stage, outcome: WorkOutcome, seconds: number): void;

  /** Counts `.migrations.total` by outcome. */
  migrationEnded(outcome: MigrationOutcome): void;

  /** Counts `.rows.transformed`; rows of one chunk, once per chunk committed. */
  rowsTransformed(engine: string, rows: number): void;

  /** Counts `.deliveries.total` by kind (`webhook`, `notification`, ...) and outcome. */
  deliveryEnded(kind: string, outcome: 'delivered' | 'failed' | 'dead'): void;
}
