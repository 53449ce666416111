import fc from 'fast-check';
import { orderByLineage } from './lineage';

function lineage(
  edges: Record<string, string[]>,
  members = Object.keys(edges),
) {
  return orderByLineage(members, new Map(Object.entries(edges)));
}

describe('orderByLineage', () => {
  it('puts upstreams first, the longest way counts', () => {
    const { levels, upstreams, cycles } = lineage({
      report: ['daily', 'raw'],
      daily: ['clean'],
      clean: ['raw'],
      raw: ['service:default/source'],
      alone: [],
    });
    expect(Object.fromEntries(levels)).toEqual({
      raw: 0,
      alone: 0,
      clean: 1,
      daily: 2,
      report: 3,
    });
    expect(upstreams.get('report')).toEqual(['daily', 'raw']);
    expect(cycles).toEqual([]);
  });

  it('follows what is not in the campaign', () => {
    const { upstreams } = lineage(
      { a: ['job'], job: ['staging'], staging: ['b', 'job'], b: [] },
      ['a', 'b'],
    );
    expect(upstreams.get('a')).toEqual(['b']);
  });

  it('orders a diamond', () => {
    const { levels } = lineage({ d: ['b', 'c'], b: ['a'], c: ['a'], a: [] });
    expect(levels.get('d')).toBe(2);
  });

  it('names cycles, and orders the rest', () => {
    const { levels, upstreams, cycles } = lineage({
      above: [],
      a: ['c', 'above'],
      b: ['a'],
      c: ['b'],
      self: ['self'],
      below: ['c', 'above'],
    });
    expect(cycles).toEqual([['a', 'c', 'b'], ['self']]);
    expect(Object.fromEntries(levels)).toEqual({ above: 0, below: 1 });
    expect(upstreams.get('below')).toEqual(['above']);
  });

  it('passes over a cycle, as over what is not in the campaign', () => {
    const { levels, upstreams } = lineage({
      above: [],
      a: ['b', 'above'],
      b: ['a'],
      below: ['b'],
    });
    expect(upstreams.get('below')).toEqual(['above']);
    expect(Object.fromEntries(levels)).toEqual({ above: 0, below: 1 });
  });

  it('does not take what lies between two cycles for a part of one', () => {
    const { levels, cycles } = lineage({
      a: ['b'],
      b: ['a'],
      between: ['a'],
      c: ['d', 'between'],
      d: ['c'],
    });
    expect(cycles).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect([...levels.keys()]).toEqual(['between']);
  });

  it('survives a chain of ten thousand', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) => `d${i}`);
    const { levels } = orderByLineage(
      chain,
      new Map(chain.map((ref, i) => [ref, i > 0 ? [chain[i - 1]] : []])),
    );
    expect(levels.get('d9999')).toBe(9999);
  });

  it('gives every dataset a place after its upstreams, or a cycle', () => {
    const graph = fc.array(fc.tuple(fc.nat({ max: 11 }), fc.nat({ max: 11 })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(graph, edges => {
        const members = Array.from({ length: 12 }, (_, i) => `d${i}`);
        const dependsOn = new Map<string, string[]>(members.map(m => [m, []]));
        edges.forEach(([a, b]) => dependsOn.get(`d${a}`)!.push(`d${b}`));
        const { levels, upstreams, cycles } = orderByLineage(
          members,
          dependsOn,
        );

        const onCycle = new Set(cycles.flat());
        expect([...levels.keys(), ...onCycle].sort()).toEqual(members.sort());
        for (const cycle of cycles) {
          cycle.forEach((ref, i) =>
            expect(dependsOn.get(ref)).toContain(cycle[(i + 1) % cycle.length]),
          );
        }
        for (const [ref, before] of upstreams) {
          before.forEach(up =>
            expect(levels.get(up)).toBeLessThan(levels.get(ref)!),
          );
        }
      }),
    );
  });
});
