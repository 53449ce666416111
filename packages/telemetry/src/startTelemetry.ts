import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/** @public */
export interface TelemetryOptions {
  /** The resource attribute `service.name`. */
  serviceName: string;
  /** Of the process; `SKEIN_METRICS_PORT` and OpenTelemetry's own variables count. */
  env?: NodeJS.ProcessEnv;
}

const DEFAULT_PORT = 9464;

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Error(
      `SKEIN_METRICS_PORT must be a port between 1 and 65535, not '${text}'`,
    );
  }
  return port;
}

/**
 * Makes the metrics service of Backstage measure for real and serves what it
 * measures on `/metrics`, port 9464 or `SKEIN_METRICS_PORT`. Traces are sent
 * where `OTEL_EXPORTER_OTLP_ENDPOINT` says, if it does.
 *
 * Call it before a backend is created: instruments made earlier measure
 * nothing.
 *
 * @returns when the port is open, or a warning says that it is taken: metrics
 *   must not stop what they measure.
 * @public
 */
export async function startTelemetry({
  serviceName,
  env = process.env,
}: TelemetryOptions): Promise<void> {
  const port = readPort(env.SKEIN_METRICS_PORT);
  const exporter = new PrometheusExporter({ port, preventServerStart: true });
  metrics.setGlobalMeterProvider(
    new MeterProvider({
      resource: resourceFromAttributes({ 'service.name': serviceName }),
      readers: [exporter],
    }),
  );

  if (env.OTEL_EXPORTER_OTLP_ENDPOINT) {
    // Loaded only where it is used: it is large, and workers start often.
    const { startTracing } = await import('./startTracing');
    startTracing(serviceName);
  }

  try {
    await exporter.startServer();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.emitWarning(
      `No metrics are served on port ${port}: ${reason}. ` +
        'Set SKEIN_METRICS_PORT to a free port.',
    );
  }
}
