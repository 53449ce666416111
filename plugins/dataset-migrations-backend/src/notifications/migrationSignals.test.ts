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
    const { changed, flush } = createMigrationSignals({
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
      flush,
      change: (migrationId: string, campaignId?: string) =>
        changed({
          migrationId,
          datasetRef: `resource:default/${migrationId}`,
          campaignId,
        }),
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
    jest.advanceTimersByTime(300);
    expect(sent).toEqual([['a']]);
    change('b');
    expect(sent).toEqual([['a'], ['b']]);
  });

  it.each([
    [1, 300],
    [2, 1000],
    [5, 2500],
    [40, 3000],
  ])('after a signal of %d tells of more in %d ms', (count, quietMs) => {
    const { sent, change } = setUp();
    change('first');
    for (let one = 0; one < count; one += 1) {
      change(`${one}`);
    }
    jest.advanceTimersByTime(300);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toHaveLength(count);
    change('later');
    jest.advanceTimersByTime(quietMs - 1);
    expect(sent).toHaveLength(2);
    jest.advanceTimersByTime(1);
    expect(sent[2]).toEqual(['later']);
  });

  it('collects what a campaign does, and tells of it with whatever else changes', () => {
    const { sent, change } = setUp();
    change('a', 'campaign');
    jest.advanceTimersByTime(4000);
    change('b', 'campaign');
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(1000);
    expect(sent).toEqual([['a', 'b']]);
    change('c', 'campaign');
    jest.advanceTimersByTime(2000);
    change('d');
    expect(sent[1]).toEqual(['c', 'd']);
    jest.runAllTimers();
    expect(sent).toHaveLength(2);
  });

  it('tells at the end of the process what is still to be told, and nothing twice', async () => {
    const { sent, change, flush } = setUp();
    await flush();
    expect(sent).toEqual([]);
    change('a', 'campaign');
    await flush();
    jest.runAllTimers();
    await flush();
    expect(sent).toEqual([['a']]);
  });

  it('waits at the end of the process for what is being told, but not for long', async () => {
    let answer = () => {};
    const { changed, flush } = createMigrationSignals({
      signals: { publish: () => new Promise(resolve => (answer = resolve)) },
      logger: mockServices.rootLogger(),
    });
    changed({ migrationId: 'a', datasetRef: 'resource:default/a' });
    let ended = 0;
    const wait = () => flush().then(() => (ended += 1));
    const told = wait();
    await jest.advanceTimersByTimeAsync(999);
    expect(ended).toBe(0);
    answer();
    await told;

    changed({ migrationId: 'a', datasetRef: 'resource:default/a' });
    const inVain = wait();
    jest.advanceTimersByTime(1000);
    await inVain;
    expect(ended).toBe(2);
  });

  it('goes on when a signal was not sent', () => {
    const { changed } = createMigrationSignals({
      signals: { publish: jest.fn().mockRejectedValue(new Error('no bus')) },
      logger: mockServices.rootLogger(),
    });
    const migration = { migrationId: 'a', datasetRef: 'resource:default/a' };
    expect(() => changed(migration)).not.toThrow();
    expect(() => jest.runAllTimers()).not.toThrow();
  });
});
