import { QueueSample } from '@skein/backstage-plugin-dataset-migrations-common';

export interface ThroughputPoint {
  at: number;
  /** Migrations that ended, per minute. */
  succeeded: number;
  failed: number;
}

/**
 * Migrations per minute between each sample and the one before. The first of all
 * has none before it and gives no point.
 */
export function throughputOf(samples: QueueSample[]): ThroughputPoint[] {
  return samples.slice(1).map((sample, index) => {
    const at = Date.parse(sample.at);
    const minutes = (at - Date.parse(samples[index].at)) / 60_000;
    const perMinute = (count: number) => (minutes > 0 ? count / minutes : 0);
    return {
      at,
      succeeded: perMinute(sample.succeeded),
      failed: perMinute(sample.failed),
    };
  });
}

const RECENT_MS = 5 * 60_000;

/** Migrations that ended in the last five minutes of the samples, per minute. */
export function recentThroughput(samples: QueueSample[]): number | undefined {
  const times = samples.map(sample => Date.parse(sample.at));
  const last = times[times.length - 1];
  // The sample that the span begins with counts what ended before it.
  const first = times.findIndex(time => time >= last - RECENT_MS);
  if (first < 0 || first === samples.length - 1) {
    return undefined;
  }
  const ended = samples
    .slice(first + 1)
    .reduce((total, sample) => total + sample.succeeded + sample.failed, 0);
  return (60_000 * ended) / (last - times[first]);
}
