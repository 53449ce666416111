import { ConfigReader } from '@backstage/config';
import {
  nextAttemptIn,
  readBackoffSettings,
  restAfter,
  spanOf,
} from './backoff';

const read = (retries: object) =>
  readBackoffSettings(
    new ConfigReader({ datasetMigrations: { notifications: { retries } } }),
  );

describe('nextAttemptIn', () => {
  it('waits longer each time, up to a limit, and gives up', () => {
    const settings = read({ attempts: 6, maxDelay: { hours: 1 } });
    const delays = [1, 2, 3, 4, 5, 6].map(failed =>
      nextAttemptIn(settings, { failed }, () => 0),
    );
    expect(delays).toEqual([5, 30, 180, 1080, 3600, undefined]);
    expect(nextAttemptIn(settings, { failed: 1 }, () => 1)).toBe(6);
    expect(nextAttemptIn(settings, { failed: 2, most: 2 })).toBeUndefined();
    expect(nextAttemptIn(settings, { failed: 6, most: 9 })).toBeUndefined();
  });

  it('waits as long as the receiver asks, within the limit', () => {
    const settings = read({});
    const delay = (atLeastSeconds: number) =>
      nextAttemptIn(settings, { failed: 1, atLeastSeconds }, () => 0);
    expect([1, 60, 86_400].map(delay)).toEqual([5, 60, 3600]);
  });

  it('G7: keeps trying for a day by default', () => {
    const settings = read({});
    let seconds = 0;
    for (let failed = 1; ; failed++) {
      const delay = nextAttemptIn(settings, { failed }, () => 0);
      if (delay === undefined) {
        break;
      }
      seconds += delay;
    }
    expect(Math.floor(seconds / 3600)).toBe(24);
    expect(spanOf(settings)).toBe(seconds);
  });

  it('leaves a receiver that does not answer alone for longer each time', () => {
    const settings = read({ attempts: 1, maxDelay: { hours: 1 } });
    const rests = [1, 2, 3, 4, 5, 1000].map(failed =>
      restAfter(settings, failed, () => 0),
    );
    expect(rests).toEqual([5, 30, 180, 1080, 3600, 3600]);
  });

  it.each([0, 51, 1.5])('refuses %p attempts', attempts => {
    expect(() => read({ attempts })).toThrow(
      `datasetMigrations.notifications.retries.attempts must be a whole number from 1 to 50, not ${attempts}`,
    );
  });
});
