import { ConfigReader } from '@backstage/config';
import { JsonValue } from '@backstage/types';
import { readDigest } from './readDigest';

const DAY = 86_400;

const read = (digest?: JsonValue) =>
  readDigest(
    new ConfigReader({
      datasetMigrations: {
        notifications: digest === undefined ? {} : { digest },
      },
    }),
  );

describe('readDigest', () => {
  it('is off, unless the operator says how often', () => {
    expect(read()).toBeUndefined();
    expect(read(null)).toBeUndefined();
    expect(read({ every: '7 days' })).toBe(7 * DAY);
    expect(read({ every: { weeks: 2 } })).toBe(14 * DAY);
    expect(read({ every: 'P1D' })).toBe(DAY);
  });

  it.each<[JsonValue, string]>([
    ['7 days', ` must be an object as { every: '7 days' }, not "7 days"`],
    [true, ` must be an object as { every: '7 days' }, not true`],
    [['7 days'], ` must be an object as { every: '7 days' }, not ["7 days"]`],
    [{}, `.every must say how often, as '7 days'`],
    [{ each: '7 days' }, `.every must say how often, as '7 days'`],
    [{ every: 'week' }, `.every must be a duration as '7 days', not "week"`],
    [{ every: 7 }, `.every must be a duration as '7 days', not 7`],
    [{ every: ['7 days'] }, `.every must be a duration as '7 days', not ["7`],
    [{ every: '23 hours' }, '.every must be from a day to a year, not "23'],
    [{ every: { days: -7 } }, '.every must be from a day to a year, not {"'],
    [{ every: { years: 1e300 } }, '.every must be from a day to a year, not'],
  ])('G10: refuses %j, and names it', (value, message) => {
    expect(() => read(value)).toThrow(
      `datasetMigrations.notifications.digest${message}`,
    );
  });
});
