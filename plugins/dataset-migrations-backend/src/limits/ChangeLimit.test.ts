import { ConfigReader } from '@backstage/config';
import { ChangeLimit } from './ChangeLimit';

const limitOf = (changesPerMinute?: number) =>
  ChangeLimit.fromConfig(
    new ConfigReader({
      datasetMigrations: { rateLimit: { changesPerMinute } },
    }),
  );

describe('ChangeLimit', () => {
  it('counts for each caller, and for what has a count of its own', async () => {
    const limit = limitOf(1);
    await limit.count('user:default/amelia');
    await limit.count('user:default/bessie');
    await limit.count('user:default/amelia', '/consumers/a');
    await expect(limit.count('user:default/amelia')).rejects.toMatchObject({
      name: 'TooManyRequestsError',
      statusCode: 429,
      retryAfter: expect.any(Number),
    });
  });

  it('allows 600 by default', async () => {
    const limit = limitOf();
    for (let change = 0; change < 600; change++) {
      await limit.count('user:default/amelia');
    }
    await expect(limit.count('user:default/amelia')).rejects.toThrow(
      'user:default/amelia made 600 requests within a minute',
    );
  });

  it.each([0, 1.5, -1])('cannot be %s', changesPerMinute => {
    expect(() => limitOf(changesPerMinute)).toThrow(
      `datasetMigrations.rateLimit.changesPerMinute must be a whole number of at least 1, not ${changesPerMinute}`,
    );
  });
});
