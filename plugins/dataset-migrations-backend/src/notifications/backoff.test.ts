import { ConfigReader } from '@backstage/config';
import { nextAttemptIn, readBackoffSettings } from './backoff';

const read = (retries: object) =>
  readBackoffSettings(
    new ConfigReader({ datasetMigrations: { notifications: { retries } } }),
  );

describe('nextAttemptIn', () => {
  it('waits longer each time, up to a limit, and gives up', () => {
    const settings = read({ attempts: 6, maxDelay: { hours: 1 } });
    const delays = [1, 2, 3, 4, 5, 6].map(failed =>
      nextAttemptIn(settings, failed, () => 0),
    );
    expect(delays).toEqual([5, 30, 180, 1080, 3600, undefined]);
    expect(nextAttemptIn(settings, 1, () => 1)).toBe(6);
  });

  it.each([0, 51, 1.5])('refuses %p attempts', attempts => {
    expect(() => read({ attempts })).toThrow(
      `datasetMigrations.notifications.retries.attempts must be a whole number from 1 to 50, not ${attempts}`,
    );
  });
});
