import { flightConsumers, manyConsumers } from '../../__testUtils__/consumers';
import { FLIGHTS } from '../../__testUtils__/flights';
import { consumerGraph } from './graphData';

describe('consumerGraph', () => {
  it('draws every consumer while they are few, the worst first', () => {
    const { nodes, edges, grouped } = consumerGraph(FLIGHTS, flightConsumers);
    expect(grouped).toBe(false);
    expect(nodes).toHaveLength(13);
    expect(nodes[0]).toMatchObject({ kind: 'dataset', id: FLIGHTS });
    expect(nodes[1]).toMatchObject({ item: { verdict: 'breaks' } });
    expect(edges).toContainEqual({
      from: FLIGHTS,
      to: 'component:default/nightly-export',
    });
  });

  it('draws 1,000 consumers as few teams, and counts every one of them', () => {
    const { nodes, edges, grouped } = consumerGraph(
      FLIGHTS,
      manyConsumers(1_000),
    );
    expect(grouped).toBe(true);
    expect(nodes.length).toBeLessThanOrEqual(25);
    expect(edges).toHaveLength(nodes.length - 1);
    const total = { ready: 0, breaks: 0, unknown: 0 };
    for (const node of nodes) {
      if (node.kind === 'team') {
        total.ready += node.counts.ready;
        total.breaks += node.counts.breaks;
        total.unknown += node.counts.unknown;
      }
    }
    expect(total).toEqual({ ready: 900, breaks: 100, unknown: 0 });
    // Teams with breaking consumers are never hidden among the rest.
    expect(nodes[1]).toMatchObject({ counts: { breaks: 25 } });
    expect(nodes[nodes.length - 1]).toMatchObject({
      label: '17 other teams',
      counts: { breaks: 0 },
    });
  });

  it('has one node for consumers without an owner', () => {
    const consumers = manyConsumers(61).map(item => ({
      ...item,
      consumer: { ...item.consumer, owner: undefined },
    }));
    expect(consumerGraph(FLIGHTS, consumers).nodes[1]).toMatchObject({
      kind: 'team',
      owner: undefined,
      label: 'without owner',
    });
  });

  it('keeps ids unique when a dataset is derived from itself', () => {
    const [item] = flightConsumers;
    const { nodes, edges } = consumerGraph(FLIGHTS, [
      { ...item, consumer: { ...item.consumer, entityRef: FLIGHTS } },
    ]);
    expect(nodes).toHaveLength(1);
    expect(edges).toEqual([]);
  });
});
