import { ConfigReader } from '@backstage/config';
import { JsonValue } from '@backstage/types';
import { readRemindBefore } from './readRemindBefore';

const HOUR = 3600;

const read = (remindBefore?: JsonValue) =>
  readRemindBefore(
    new ConfigReader({
      datasetMigrations: {
        notifications: remindBefore === undefined ? {} : { remindBefore },
      },
    }),
  );

describe('readRemindBefore', () => {
  it('is a week and a day, or what the operator says, or never', () => {
    expect(read()).toEqual([7 * 24 * HOUR, 24 * HOUR]);
    expect(read(['2 weeks', { hours: 12 }, 'PT1H'])).toEqual([
      14 * 24 * HOUR,
      12 * HOUR,
      HOUR,
    ]);
    expect(read([])).toEqual([]);
  });

  it.each<[JsonValue, string]>([
    ['7 days', ' must be a list of durations'],
    [['soon'], `[0] must be a duration as '7 days', not "soon"`],
    [['7 days', 3], `[1] must be a duration as '7 days', not 3`],
    [[['7 days']], `[0] must be a duration as '7 days', not ["7 days"]`],
    [
      [{ fortnights: 1 }],
      `[0] must be a duration as '7 days', not {"fortnights":1}`,
    ],
    [['59 minutes'], '[0] must be an hour or longer, not "59 minutes"'],
    [[{ days: -7 }], '[0] must be an hour or longer, not {"days":-7}'],
    [Array(6).fill('7 days'), ' must hold at most 5 durations, not 6'],
  ])('G10: refuses %j, and names it', (value, message) => {
    expect(() => read(value)).toThrow(
      `datasetMigrations.notifications.remindBefore${message}`,
    );
  });
});
