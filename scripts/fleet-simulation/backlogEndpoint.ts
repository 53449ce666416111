import { metrics } from '@opentelemetry/api';
import { startTelemetry } from '../../packages/telemetry/src';
import { JobQueue } from '../../plugins/dataset-migrations-backend/src/queue/types';
import { observeQueue } from '../../plugins/dataset-migrations-backend/src/telemetry/observeQueue';
import { freePort } from '../lib/ports.mjs';
import { logger } from './queue';

const METRIC = 'dataset_migrations_backlog_eligible';

/**
 * Serves the queue's metrics over HTTP, as the portal and its workers do.
 *
 * @param workersAlive - how many workers there are
 * @returns scrapes the eligible backlog from there, as Prometheus does; the
 *   highest value where several replicas say it
 */
export async function serveBacklog(
  queue: JobQueue,
  workersAlive: () => number,
): Promise<() => Promise<number>> {
  const port = await freePort();
  await startTelemetry({
    serviceName: 'fleet-simulation',
    env: { SKEIN_METRICS_PORT: String(port) },
  });
  observeQueue({
    metrics: metrics.getMeter('fleet-simulation'),
    logger,
    read: async () => ({
      ...(await queue.stats()),
      workersAlive: workersAlive(),
    }),
  });
  return async () => {
    const response = await fetch(`http://localhost:${port}/metrics`);
    const text = await response.text();
    const values = [
      ...text.matchAll(new RegExp(`^${METRIC}\\S* (\\S+)$`, 'gm')),
    ];
    if (!values.length) throw new Error(`No replica reports ${METRIC}`);
    return Math.max(...values.map(([, value]) => Number(value)));
  };
}
