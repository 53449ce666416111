import { LoggerService } from '@backstage/backend-plugin-api';
import { MetricsService } from '@backstage/backend-plugin-api/alpha';
import { QueueStats } from '../queue/types';
import { Gauge, observeGauges } from './observeGauges';

/** What all gauges are read from. */
export type QueueSnapshot = QueueStats & { workersAlive: number };

const GAUGES: Gauge<QueueSnapshot>[] = [
  {
    name: 'queue.depth',
    unit: '{job}',
    description:
      'Jobs that wait, those that wait for a later time included. Up to five seconds old; above 1,000 in a queue as counted up to two seconds before that',
    read: snapshot => snapshot.depth,
  },
  {
    name: 'backlog.eligible',
    unit: '{job}',
    description:
      'Jobs that are due, and datasets that campaigns could start now: what the fleet scales on. Every replica reports the same value, so aggregate with max',
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
 * Reports the queue and who works whenever metrics are collected.
 *
 * @returns stops reporting
 */
export function observeQueue(options: {
  metrics: MetricsService;
  logger: LoggerService;
  read(): Promise<QueueSnapshot>;
}): () => void {
  return observeGauges({ ...options, gauges: GAUGES });
}
