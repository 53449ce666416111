import { mockServices } from '@backstage/backend-test-utils';
import { ChangedMigration } from '@skein/backstage-plugin-dataset-migrations-common';
import { createMigrationSignals } from './migrationSignals';

describe('createMigrationSignals', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  function setUp() {
    const sent: string[][] = [];
    const changed = createMigrationSignals({
      signals: {
        publish: async ({ message }) => {
          const migrations = message.migrations as ChangedMigration[];
          sent.push(migrations.map(({ migrationId }) => migrationId));
        },
      },
      logger: mockServices.rootLogger(),
    });
    return {
      sent,
      change: (migrationId: string) =>
        changed({ migrationId, datasetRef: `resource:default/${migrationId}` }),
    };
  }

  it('tells of the first change at once, and of what follows in one signal', () => {
    const { sent, change } = setUp();
    change('a');
    expect(sent).toEqual([['a']]);
    change('a');
    change('b');
    change('b');
    expect(sent).toHaveLength(1);
    jest.runAllTimers();
    expect(sent).toEqual([['a'], ['a', 'b']]);
  });

  it('tells of nothing twice, and again at once after a quiet time', () => {
    const { sent, change } = setUp();
    change('a');
    jest.runAllTimers();
    expect(sent).toEqual([['a']]);
    change('b');
    expect(sent).toEqual([['a'], ['b']]);
  });

  it('goes on when a signal was not sent', () => {
    const changed = createMigrationSignals({
      signals: { publish: jest.fn().mockRejectedValue(new Error('no bus')) },
      logger: mockServices.rootLogger(),
    });
    const migration = { migrationId: 'a', datasetRef: 'resource:default/a' };
    expect(() => changed(migration)).not.toThrow();
    expect(() => jest.runAllTimers()).not.toThrow();
  });
});
