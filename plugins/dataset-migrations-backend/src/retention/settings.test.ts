import { ConfigReader } from '@backstage/config';
import { JsonObject } from '@backstage/types';
import { readRetentionSettings } from './settings';

const DAY = 24 * 3600 * 1000;

function read(retention?: JsonObject, pipeline?: JsonObject) {
  return readRetentionSettings(
    new ConfigReader({
      datasetMigrations: {
        ...(retention && { retention }),
        ...(pipeline && { pipeline }),
      },
    }),
  );
}

describe('readRetentionSettings', () => {
  it('has defaults, and takes durations as people write them', () => {
    expect(read()).toMatchObject({
      jobs: 7 * DAY,
      preflights: 30 * DAY,
      events: 90 * DAY,
      deliveries: 90 * DAY,
      evidence: 180 * DAY,
    });
    expect(read({ events: '7 days', preflights: { hours: 1 } })).toMatchObject({
      preflights: DAY / 24,
      events: 7 * DAY,
      deliveries: 90 * DAY,
    });
  });

  it.each(['evidence', 'migrations'])(
    'G8: keeps %s for as long as a migration can be rolled back',
    key => {
      expect(() => read({ [key]: { days: 6 } })).toThrow(
        `datasetMigrations.retention.${key} must not be shorter than datasetMigrations.pipeline.rollbackWindow`,
      );
      expect(
        read({ [key]: { days: 1 } }, { rollbackWindow: { days: 1 } }),
      ).toMatchObject({ [key]: DAY });
    },
  );

  it('G10: names the key of what is no duration', () => {
    expect(() => read({ events: 'soon' })).toThrow(
      'datasetMigrations.retention.events',
    );
    for (const key of ['jobs', 'deliveries']) {
      expect(() => read({ [key]: { days: 0 } })).toThrow(
        `datasetMigrations.retention.${key} must be longer than nothing`,
      );
    }
  });
});
