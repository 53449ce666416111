import { metrics, trace } from '@opentelemetry/api';
import { freePort } from '../../scripts/lib/ports.mjs';

const BACKEND = '../../plugins/dataset-migrations-backend/src/telemetry';

/** From .mjs files our sources have a default export alone. */
const ours = async file => (await import(file)).default;

/**
 * The metrics that a replica serves to Prometheus, from one that measures: the
 * plugin's own instruments, through the exporter of the portal.
 *
 * @returns {Promise<Map<string, { type: string, labels: Set<string> }>>} by
 *   their names in PromQL, those of a histogram's parts among them
 */
export async function exportedMetrics() {
  const { startTelemetry } = await ours(
    '../../packages/telemetry/src/index.ts',
  );
  const { createTelemetry } = await ours(`${BACKEND}/createTelemetry.ts`);
  const { observeQueue } = await ours(`${BACKEND}/observeQueue.ts`);
  const { observeMigrations } = await ours(`${BACKEND}/observeMigrations.ts`);

  const port = await freePort();
  await startTelemetry({
    serviceName: 'test',
    env: { SKEIN_METRICS_PORT: String(port) },
  });
  const meter = metrics.getMeter('test');
  const logger = { debug() {} };
  const telemetry = createTelemetry({
    metrics: meter,
    tracing: trace.getTracer('test'),
  });
  observeQueue({
    metrics: meter,
    logger,
    read: async () => ({
      depth: 1,
      eligibleBacklog: 1,
      oldestAgeSeconds: 1,
      workersAlive: 1,
    }),
  });
  observeMigrations({
    metrics: meter,
    logger,
    read: async () => ({ quietSeconds: 1, deadDeliveries: 1 }),
  });
  await telemetry.job('advance', async () => {});
  telemetry.stageEnded('transform', 'ok', 1);
  telemetry.rowsTransformed('postgres', 1);
  telemetry.deliveryEnded('webhook', 'delivered');

  const served = await fetch(`http://localhost:${port}/metrics`);
  return readMetrics(await served.text());
}

/** Reads the text format of Prometheus. */
function readMetrics(text) {
  const types = new Map(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [
      name,
      type,
    ]),
  );
  const found = new Map();
  for (const [, name, labels = ''] of text.matchAll(
    /^([a-z]\w*)(?:\{(.*)\})? \S+$/gm,
  )) {
    const type =
      types.get(name) ?? types.get(name.replace(/_(bucket|sum|count)$/, ''));
    const known = found.get(name)?.labels ?? new Set();
    for (const [, label] of labels.matchAll(/(\w+)="/g)) known.add(label);
    found.set(name, { type, labels: known });
  }
  return found;
}
