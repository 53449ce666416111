import { LoggerService } from '@backstage/backend-plugin-api';
import { MetricsService } from '@backstage/backend-plugin-api/alpha';
import { QueueStats } from '../queue/types';

/** What all gauges are read from. */
export type QueueSnapshot = QueueStats & { workersAlive: number };

/** Milliseconds for which one reading serves all gauges of a collection. */
const FRESH_MS = 5_000;

const GAUGES: Array<{
  name: string;
  unit: string;
  description: string;
  read(snapshot: QueueSnapshot): number;
}> = [
  {
    name: 'queue.depth',
    unit: '{job}',
    description: 'Jobs that wait, those that wait for a later time included',
    read: snapshot => snapshot.depth,
  },
  {
    name: 'backlog.eligible',
    unit: '{job}',
    description:
      'Jobs that a free worker could take now: what the fleet scales on. Every replica reports the same value, so aggregate with max',
    read: snapshot => snapshot.eligibleBacklog,
  },
  {
    name: 'queue.oldest_age',
    unit: 's',
    description: 'Age of the oldest job that waits',
    read: snapshot => snapshot.oldestAgeSeconds,
  },
  {
    name: 'workers.alive',
    unit: '{worker}',
    description: 'Workers seen in the last seconds',
    read: snapshot => snapshot.workersAlive,
  },
];

/**
 * Reports the queue whenever metrics are collected: one reading for all gauges,
 * however many collectors ask and however often.
 *
 * @returns stops reporting
 */
export function observeQueue(options: {
  metrics: MetricsService;
  logger: LoggerService;
  read(): Promise<QueueSnapshot>;
}): () => void {
  const { metrics, logger, read } = options;
  let current: { at: number; snapshot: Promise<QueueSnapshot> } | undefined;
  const snapshot = () => {
    if (!current || performance.now() - current.at > FRESH_MS) {
      current = { at: performance.now(), snapshot: read() };
    }
    return current.snapshot;
  };

  const stops = GAUGES.map(({ name, unit, description, read: valueOf }) => {
    const gauge = metrics.createObservableGauge(`dataset_migrations.${name}`, {
      description,
      unit,
    });
    const observe = async (result: { observe(value: number): void }) => {
      try {
        result.observe(valueOf(await snapshot()));
      } catch (error) {
        // A gauge without a value says more than a stale one.
        logger.debug(`Could not read the queue for its metrics: ${error}`);
      }
    };
    gauge.addCallback(observe);
    return () => gauge.removeCallback(observe);
  });
  return () => stops.forEach(stop => stop());
}
