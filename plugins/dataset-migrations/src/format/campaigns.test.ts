import { CampaignSelection } from '@skein/backstage-plugin-dataset-migrations-common';
import { countsOf, runningCampaign } from '../__testUtils__/campaigns';
import {
  describeCampaign,
  formatPace,
  formatSelection,
  formatShare,
  formatWaves,
  formatWindow,
} from './campaigns';

describe('campaigns for people', () => {
  it('says where a campaign stands', () => {
    expect(
      describeCampaign(
        runningCampaign({
          state: 'finished',
          total: 240,
          counts: countsOf({ succeeded: 238, failed: 2 }),
        }),
      ),
    ).toBe('Finished: 238 datasets of 240 datasets migrated and verified.');
    expect(
      describeCampaign(runningCampaign({ opensAt: '2026-11-29T22:00:00Z' })),
    ).toMatch(/Waiting for its window/);
    expect(
      describeCampaign(
        runningCampaign({ counts: countsOf({ succeeded: 9, blocked: 3 }) }),
      ),
    ).toBe(
      'Nothing is left to start. 3 datasets wait until their consumers are ready.',
    );
  });

  it.each([
    [undefined, 'Every day 22:00–05:00, UTC'],
    [['mon', 'tue', 'wed', 'thu', 'fri'], 'Mon–Fri 22:00–05:00, UTC'],
    [['sun', 'wed'], 'Wed, Sun 22:00–05:00, UTC'],
    [['sat', 'sun'], 'Sat, Sun 22:00–05:00, UTC'],
  ] as const)('a window on %p', (days, text) => {
    expect(
      formatWindow({
        days: days && [...days],
        from: '22:00',
        to: '05:00',
        timeZone: 'UTC',
      }),
    ).toBe(text);
  });

  it.each([
    [412.4, '412/min'],
    [3.25, '3.3/min'],
    [0.05, '3/h'],
    [0, '0/min'],
  ])('a pace of %p', (perMinute, text) => {
    expect(formatPace(perMinute)).toBe(text);
  });

  it('shares and waves in percents', () => {
    expect(formatShare(0.07)).toBe('7 %');
    expect(formatShare(0.025)).toBe('2.5 %');
    expect(
      formatWaves({ canary: 10, shares: [0.1, 1], maxFailureRate: 0.02 }),
    ).toBe('10 datasets first, then 10 %, 100 %; at most 2 % may fail');
  });

  it.each<[CampaignSelection, string]>([
    [{ datasets: ['resource:default/a'] }, 'A list of 1 dataset'],
    [
      {
        filter: [
          { 'spec.system': ['shops', 'payments'], 'spec.owner': 'group:a' },
          { 'metadata.tags': 'gold' },
        ],
      },
      'spec.system = shops or payments and spec.owner = group:a, or metadata.tags = gold',
    ],
    [{ query: {} }, 'Datasets'],
    [
      { query: { engine: 'duckdb', status: 'upgradable' } },
      'Datasets held by duckdb that have a new version',
    ],
  ])('a selection of %j', (selection, text) => {
    expect(formatSelection(selection)).toBe(text);
  });
});
