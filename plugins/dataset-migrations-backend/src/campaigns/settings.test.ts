import { mockServices } from '@backstage/backend-test-utils';
import { JsonObject } from '@backstage/types';
import { readCampaignSettings } from './settings';

const read = (campaigns: JsonObject) =>
  readCampaignSettings(
    mockServices.rootConfig({ data: { datasetMigrations: { campaigns } } }),
  );

const office = { from: '09:00', to: '17:00', timeZone: 'Europe/Berlin' };

describe('settings of campaigns', () => {
  it('have defaults', () => {
    expect(read({})).toEqual({
      maxDatasets: 50_000,
      maxInFlight: 2_000,
      lookEveryMs: 1_000,
      windowsOfOwner: new Map(),
    });
  });

  it('give each owner their windows', () => {
    const { windowsOfOwner } = read({
      windows: [
        { ...office, owners: ['group:default/a', 'group:b'] },
        { ...office, owners: ['group:default/b'], days: ['sat'] },
      ],
    });
    expect(windowsOfOwner.get('group:default/a')).toEqual([office]);
    expect(windowsOfOwner.get('group:default/b')).toEqual([
      office,
      { ...office, days: ['sat'] },
    ]);
  });

  it.each<[JsonObject, string]>([
    [{ maxInFlight: 0 }, 'campaigns.maxInFlight must be a whole number'],
    [
      { lookEvery: { milliseconds: 99 } },
      'campaigns.lookEvery must be 100 to 3600000 milliseconds, not 99',
    ],
    [
      { lookEvery: { days: 30 } },
      'campaigns.lookEvery must be 100 to 3600000 milliseconds, not 2592000000',
    ],
    [
      { windows: [{ ...office, owners: ['group:a'], timeZone: 'Berlin' }] },
      `campaigns.windows[0] 'timeZone' must be an IANA name`,
    ],
    [
      { windows: [{ ...office, owners: [':'] }] },
      "owners ':' is no entity ref",
    ],
  ])('G10: refuse %j', (campaigns, message) => {
    expect(() => read(campaigns)).toThrow(message);
  });
});
