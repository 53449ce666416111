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

  it.each<[JsonObject, string]>([
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
