import { TestDatabases } from '@backstage/backend-test-utils';
import {
  asUser,
  dataset,
  startBackend,
  TestBackend,
} from '../__testUtils__/testBackend';

jest.setTimeout(180_000);

const flights = 'resource:default/flights';

describe('the limit of changes', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let backend: TestBackend;

  beforeAll(async () => {
    backend = await startBackend({
      knex: await databases.init('POSTGRES_18'),
      config: { rateLimit: { changesPerMinute: 2 } },
    });
    await backend.publish([dataset('flights')]);
  });

  afterAll(() => backend.stop());

  const plan = (user: string) =>
    fetch(`${backend.api}/datasets/resource/default/flights/plan`, {
      method: 'POST',
      headers: { ...asUser(user), 'content-type': 'application/json' },
      body: JSON.stringify({ targetVersion: '2.0.0' }),
    });

  it('is each caller’s own, says when to go on, and leaves reading alone', async () => {
    expect((await plan('amelia')).status).toBe(200);
    expect((await plan('amelia')).status).toBe(200);
    const refused = await plan('amelia');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await refused.json()).error).toMatchObject({
      name: 'TooManyRequestsError',
      message: expect.stringMatching(
        /^user:default\/amelia made 2 requests within a minute that change something or have it computed, which is the most: go on in \d+ s$/,
      ),
    });
    await expect(
      backend
        .as('amelia')
        .startMigration({ datasetRef: flights, targetVersion: '2.0.0' }),
    ).rejects.toMatchObject({ statusCode: 429 });
    expect((await backend.as('amelia').listMigrations()).items).toEqual([]);
    expect((await plan('bessie')).status).toBe(200);
  });

  it('counts reports of runs apart, whoever they are of', async () => {
    const report = async (consumer: string) => {
      const { status } = await fetch(
        `${backend.api}/consumers/component/default/${consumer}/lineage`,
        {
          method: 'POST',
          headers: { ...asUser('carl'), 'content-type': 'application/json' },
          body: '{}',
        },
      );
      return status;
    };
    expect(await report('one')).not.toBe(429);
    expect(await report('two')).not.toBe(429);
    expect(await report('three')).toBe(429);
    expect((await plan('carl')).status).not.toBe(429);
  });
});
