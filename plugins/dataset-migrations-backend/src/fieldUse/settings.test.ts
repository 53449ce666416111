import { ConfigReader } from '@backstage/config';
import { JsonObject } from '@backstage/types';
import { readFieldUseSettings } from './settings';

const read = (fieldUse?: JsonObject) =>
  readFieldUseSettings(
    new ConfigReader(
      fieldUse === undefined ? {} : { datasetMigrations: { fieldUse } },
    ),
  );

describe('settings of field use', () => {
  it('read no source and take no report unless they say so', () => {
    const { readSourcesEvery, isAllowed, reporters } = read();
    expect(readSourcesEvery).toBeUndefined();
    expect(isAllowed('https://git.test/apps/radar/', undefined)).toBe(false);
    expect(reporters).toEqual([]);
  });

  it('allow sources by whole segments of their address, and by owner', () => {
    const { readSourcesEvery, isAllowed } = read({
      sources: [
        { urlPrefix: 'https://git.test/apps' },
        {
          urlPrefix: 'https://git.test/secret/',
          owners: ['group:default/Secret'],
        },
      ],
    });
    expect(readSourcesEvery).toEqual({ hours: 1 });
    const apps = 'group:default/apps';
    expect(isAllowed('https://git.test/apps/radar/', apps)).toBe(true);
    expect(isAllowed('https://git.test/apps/radar/', undefined)).toBe(true);
    expect(isAllowed('https://git.test/appsecret/', apps)).toBe(false);
    expect(isAllowed('https://git.test/apps/../secret/x', apps)).toBe(false);
    expect(isAllowed('http://git.test/apps/radar/', apps)).toBe(false);
    expect(isAllowed('https://git.test/secret/x', apps)).toBe(false);
    expect(isAllowed('https://git.test/secret/x', undefined)).toBe(false);
    expect(isAllowed('https://git.test/secret/x', 'group:default/secret')).toBe(
      true,
    );
  });

  it('let the silence of runs count only where they say for how long', () => {
    const days = (ms?: number) => ms && ms / 86_400_000;
    const of = (fieldUse?: JsonObject) => {
      const { silentForMs, lineageForMs } = read(fieldUse);
      return [days(silentForMs), days(lineageForMs)];
    };
    expect(of()).toEqual([undefined, 90]);
    expect(of({ silentFor: { days: 30 } })).toEqual([30, 90]);
    expect(of({ silentFor: 'P7D', observedFor: 'P10D' })).toEqual([7, 37]);
    expect(of({ silentFor: { days: 100 } })).toEqual([100, 200]);
  });

  it.each<[JsonObject, string]>([
    [
      { silentFor: { days: 6, hours: 12 } },
      'datasetMigrations.fieldUse.silentFor must be at least 7 days, not 6.5',
    ],
    [{ silentFor: 'a month' }, 'silentFor'],
    [
      { sources: [{ urlPrefix: 'git.test/apps' }] },
      'datasetMigrations.fieldUse.sources[0].urlPrefix must be an HTTP address',
    ],
    [
      {
        sources: [{ urlPrefix: 'https://bucket.s3.eu-west-1.amazonaws.com/x' }],
      },
      'datasetMigrations.fieldUse.sources[0].urlPrefix must be of a git host, not of an object store',
    ],
    [
      { sources: [{ urlPrefix: 'https://x.blob.core.windows.net/y' }] },
      'must be of a git host, not of an object store',
    ],
    [{ sources: [{}] }, 'urlPrefix'],
    [
      {
        lineage: {
          reporters: [
            { subject: 'external:airflow', consumers: [], namespaces: ['x'] },
          ],
        },
      },
      'datasetMigrations.fieldUse.lineage.reporters[0] must list consumers and namespaces',
    ],
  ])('are refused by their key: %j', (fieldUse, message) => {
    expect(() => read(fieldUse)).toThrow(message);
  });
});
