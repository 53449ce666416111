import {
  MetricsService,
  TracingService,
} from '@backstage/backend-plugin-api/alpha';
import { ClaimLostError, ShutdownError } from '../queue/errors';
import { MIGRATION_OUTCOMES, Telemetry, WorkOutcome } from './types';

/** Seconds; from a metadata-only stage to a job at its time limit of an hour. */
const DURATION_BUCKETS = [
  0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 1800, 3600,
];

/**
 * Telemetry through the platform's services: what is exported where is decided
 * by the OpenTelemetry setup of the backend, not here.
 *
 * @param onJob - told the number of jobs that run in this process, on each change
 */
export function createTelemetry(options: {
  metrics: MetricsService;
  tracing: TracingService;
  onJob?(running: number): void;
}): Telemetry {
  const { metrics, tracing, onJob } = options;
  const seconds = (name: string, description: string) =>
    metrics.createHistogram(`dataset_migrations.${name}`, {
      description,
      unit: 's',
      advice: { explicitBucketBoundaries: DURATION_BUCKETS },
    });
  const counter = (name: string, description: string, unit: string) =>
    metrics.createCounter(`dataset_migrations.${name}`, { description, unit });

  const jobDuration = seconds('job.duration', 'Time a job ran');
  const stageDuration = seconds(
    'stage.duration',
    'Time from the first job of a stage to its end',
  );
  const migrations = counter(
    'migrations.total',
    'Migrations that came to an end or a halt',
    '{migration}',
  );
  // A counter that begins with its first failure shows no increase: begin at 0.
  for (const outcome of MIGRATION_OUTCOMES) {
    migrations.add(0, { outcome });
  }
  const rows = counter('rows.transformed', 'Rows transformed', '{row}');
  const deliveries = counter(
    'deliveries.total',
    'Attempts to deliver a notification, by how they ended',
    '{attempt}',
  );

  let running = 0;
  const countJob = (change: 1 | -1) => {
    running += change;
    onJob?.(running);
  };

  return {
    async job(task, fn) {
      const started = performance.now();
      let outcome: WorkOutcome = 'ok';
      countJob(1);
      try {
        return await tracing.startActiveSpan(
          'dataset-migrations.job',
          { attributes: { 'dataset_migrations.task': task } },
          fn,
        );
      } catch (error) {
        outcome = outcomeOf(error);
        throw error;
      } finally {
        countJob(-1);
        const elapsed = (performance.now() - started) / 1000;
        jobDuration.record(elapsed, { task, outcome });
      }
    },
    stageSlice({ stage, migrationId, datasetRef }, fn) {
      const attributes = {
        'dataset_migrations.stage': stage,
        'dataset_migrations.migration_id': migrationId,
        'dataset_migrations.dataset_ref': datasetRef,
      };
      return tracing.startActiveSpan(
        'dataset-migrations.stage',
        { attributes },
        fn,
      );
    },
    stageEnded(stage, outcome, elapsed) {
      stageDuration.record(elapsed, { stage, outcome });
    },
    migrationEnded(outcome) {
      migrations.add(1, { outcome });
    },
    rowsTransformed(engine, count) {
      rows.add(count, { engine });
    },
    deliveryEnded(kind, outcome) {
      deliveries.add(1, { kind, outcome });
    },
  };
}

function outcomeOf(error: unknown): WorkOutcome {
  const interrupted =
    error instanceof ShutdownError ||
    error instanceof ClaimLostError ||
    (error instanceof Error && error.name === 'AbortError');
  return interrupted ? 'aborted' : 'error';
}
