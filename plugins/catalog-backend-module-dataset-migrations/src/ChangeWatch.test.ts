import { mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { CatalogProcessorCache } from '@backstage/plugin-catalog-node';
import { EventParams } from '@backstage/plugin-events-node';
import { ChangeWatch } from './ChangeWatch';

const radar: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'radar' },
  spec: {
    consumesDatasets: [{ dataset: 'resource:default/flights', version: '*' }],
  },
};

function watchOf(publish: (params: EventParams) => Promise<void>) {
  const kept = new Map<string, unknown>();
  const cache = {
    get: async (key: string) => kept.get(key),
    set: async (key: string, value: unknown) => void kept.set(key, value),
  } as CatalogProcessorCache;
  const watch = new ChangeWatch({
    events: { publish, subscribe: async () => {} },
    logger: mockServices.logger.mock(),
  });
  return { look: () => watch.look(radar, cache), kept };
}

describe('ChangeWatch', () => {
  afterEach(() => jest.useRealTimers());

  it('publishes again what could not be published', async () => {
    const published: EventParams[] = [];
    const { look } = watchOf(async params => {
      published.push(params);
      if (published.length === 1) {
        throw new Error('the events backend is gone');
      }
    });
    await look();
    await look();
    await look();
    expect(published).toHaveLength(2);
    expect(published[1]).toEqual(published[0]);
  });

  it('does not hold the catalog up when nobody answers', async () => {
    // What is published is digested first, which takes turns of the event loop.
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    let calls = 0;
    const { look, kept } = watchOf(() => {
      calls += 1;
      return new Promise(() => {});
    });
    const published = async (count: number) => {
      while (calls < count) {
        await new Promise(setImmediate);
      }
    };
    const looking = look();
    await published(1);
    await jest.advanceTimersByTimeAsync(2_000);
    await looking;
    await look();
    expect([calls, kept.size]).toEqual([1, 0]);

    await jest.advanceTimersByTimeAsync(60_000);
    const again = look();
    await published(2);
    await jest.advanceTimersByTimeAsync(2_000);
    await again;
    expect(calls).toBe(2);
  });
});
