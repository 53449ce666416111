import { LoggerService } from '@backstage/backend-plugin-api';
import { MetricsService } from '@backstage/backend-plugin-api/alpha';

/** Milliseconds for which one reading serves all gauges of a collection. */
const FRESH_MS = 5_000;

/** One number of a reading of `T`. */
export interface Gauge<T> {
  /** Without `dataset_migrations.` in front. */
  name: string;
  unit: string;
  description: string;
  read(snapshot: T): number;
}

/**
 * Reports what the database says whenever metrics are collected: one reading
 * for all gauges, however many collectors ask and however often.
 *
 * @returns stops reporting
 */
export function observeGauges<T>(options: {
  metrics: MetricsService;
  logger: LoggerService;
  gauges: Gauge<T>[];
  read(): Promise<T>;
}): () => void {
  const { metrics, logger, gauges, read } = options;
  let current: { at: number; snapshot: Promise<T> } | undefined;
  const snapshot = () => {
    if (!current || performance.now() - current.at > FRESH_MS) {
      current = { at: performance.now(), snapshot: read() };
    }
    return current.snapshot;
  };

  const stops = gauges.map(({ name, unit, description, read: valueOf }) => {
    const gauge = metrics.createObservableGauge(`dataset_migrations.${name}`, {
      description,
      unit,
    });
    const observe = async (result: { observe(value: number): void }) => {
      try {
        result.observe(valueOf(await snapshot()));
      } catch (error) {
        // A gauge without a value says more than a stale one.
        logger.debug(`Could not read the metric ${name}: ${error}`);
      }
    };
    gauge.addCallback(observe);
    return () => gauge.removeCallback(observe);
  });
  return () => stops.forEach(stop => stop());
}
