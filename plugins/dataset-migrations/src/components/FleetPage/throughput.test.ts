import { QueueSample } from '@skein/backstage-plugin-dataset-migrations-common';
import { recentThroughput, throughputOf } from './throughput';

const sample = (
  minute: number,
  succeeded: number,
  failed = 0,
): QueueSample => ({
  at: new Date(Date.UTC(2026, 10, 29, 10, minute)).toISOString(),
  depth: 0,
  eligibleBacklog: 0,
  oldestAgeSeconds: 0,
  running: 0,
  workersAlive: 1,
  succeeded,
  failed,
});

describe('the throughput of a history', () => {
  it('is per minute, however far the samples are apart', () => {
    expect(
      throughputOf([sample(0, 999), sample(2, 10, 4), sample(3, 6)]).map(
        ({ succeeded, failed }) => [succeeded, failed],
      ),
    ).toEqual([
      [5, 2],
      [6, 0],
    ]);
  });

  it('gives nothing for a single sample, and divides by no zero', () => {
    expect(throughputOf([sample(0, 5)])).toEqual([]);
    expect(throughputOf([sample(0, 5), sample(0, 5)])[0].succeeded).toBe(0);
  });

  it('of the last minutes leaves out what ended before them', () => {
    expect(
      recentThroughput([
        sample(0, 900),
        sample(5, 900),
        sample(6, 10),
        sample(10, 35, 5),
      ]),
    ).toBe(10);
  });

  it('is not known of fewer than two recent samples', () => {
    expect(recentThroughput([])).toBeUndefined();
    expect(recentThroughput([sample(0, 5), sample(30, 5)])).toBeUndefined();
  });
});
