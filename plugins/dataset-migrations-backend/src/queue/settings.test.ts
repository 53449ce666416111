import { mockServices } from '@backstage/backend-test-utils';
import { readPipelineSettings } from '../pipeline/settings';
import { readQueueSettings } from './settings';

const config = (datasetMigrations: object) =>
  mockServices.rootConfig({ data: { datasetMigrations } });

describe('settings', () => {
  it('have defaults', () => {
    expect(readQueueSettings(config({}))).toMatchObject({
      slots: 4,
      concurrency: { preflight: 2, deliver: 20 },
      engineSlots: {},
      schema: 'dataset_migrations_boss',
      expireInSeconds: 3600,
      heartbeatSeconds: 10,
      deleteAfterSeconds: 7 * 24 * 3600,
      shutdownSeconds: 20,
    });
    expect(readPipelineSettings(config({}))).toEqual({
      sliceMs: 20_000,
      rollbackWindowMs: 7 * 24 * 3600_000,
      catalogAnswerMs: 1000,
      strictConstraints: false,
    });
  });

  it.each(['advance', 'deliver'] as const)(
    'let a job %s outlast a restart of the database, but not a night',
    task => {
      const { limit, delay, maxDelay } = readQueueSettings(config({})).retries[
        task
      ];
      const patience = Array.from({ length: limit }, (_, retry) =>
        Math.min(delay * 2 ** retry, maxDelay),
      ).reduce((sum, seconds) => sum + seconds, 0);
      expect(patience).toBeGreaterThan(4 * 60);
      expect(patience).toBeLessThan(10 * 60);
    },
  );

  it('are read', () => {
    expect(
      readQueueSettings(
        config({ queue: { slots: 0, jobTimeout: '2h', schema: 'jobs' } }),
      ),
    ).toMatchObject({ slots: 0, expireInSeconds: 7200, schema: 'jobs' });
    expect(
      readQueueSettings(
        config({
          queue: { concurrency: { preflight: 1, engines: { duckdb: 2 } } },
        }),
      ),
    ).toMatchObject({
      concurrency: { preflight: 1, deliver: 20 },
      engineSlots: { duckdb: 2 },
    });
    expect(
      readQueueSettings(config({ retention: { jobs: '90 minutes' } })),
    ).toMatchObject({ deleteAfterSeconds: 5400 });
    // For ever, and more seconds than the library's column holds.
    expect(
      readQueueSettings(config({ retention: { jobs: { years: 100 } } })),
    ).toMatchObject({ deleteAfterSeconds: 2 ** 31 - 1 });
    expect(
      readPipelineSettings(
        config({ pipeline: { sliceDuration: { seconds: 5 } } }),
      ).sliceMs,
    ).toBe(5000);
    expect(
      readPipelineSettings(config({ pipeline: { catalogAnswer: '0 s' } }))
        .catalogAnswerMs,
    ).toBe(0);
  });

  it.each([{ seconds: -1 }, { minutes: 1 }])(
    'G10: refuse %j for an answer of the catalog',
    catalogAnswer => {
      expect(() =>
        readPipelineSettings(config({ pipeline: { catalogAnswer } })),
      ).toThrow(
        'datasetMigrations.pipeline.catalogAnswer must be from 0 to 30 seconds, not',
      );
    },
  );

  it.each([
    [{ slots: -1 }, 'queue.slots must be a whole number from 0 to 100, not -1'],
    [{ slots: 1.5 }, 'not 1.5'],
    [
      { concurrency: { deliver: 0 } },
      'queue.concurrency.deliver must be a whole number from 1 to 100, not 0',
    ],
    [
      { concurrency: { engines: { duckdb: -1 } } },
      'queue.concurrency.engines.duckdb must be a whole number from 0 to 100, not -1',
    ],
    [{ schema: 'a"; DROP' }, `not 'a"; DROP'`],
    [
      { heartbeatTimeout: '3s' },
      'queue.heartbeatTimeout must be at least 10 seconds, not 3',
    ],
  ])('G10: refuse %j', (queue, message) => {
    expect(() => readQueueSettings(config({ queue }))).toThrow(message);
  });
});
