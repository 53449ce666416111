import fc from 'fast-check';
import { laneBounds } from './laneBounds';

it('leaves out no block and has none twice, in ranges of one length', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000_000 }),
      fc.integer({ min: 1, max: 16 }),
      fc.integer({ min: 1, max: 100_000 }),
      (blocks, lanes, chunkBlocks) => {
        const bounds = laneBounds(blocks, { lanes, chunkBlocks });
        expect(bounds.map(({ from }) => from)).toEqual([
          0,
          ...bounds.slice(0, -1).map(({ to }) => to),
        ]);
        expect(bounds[bounds.length - 1].to).toBe(blocks);
        expect(bounds.length).toBeLessThanOrEqual(lanes);
        const lengths = bounds.map(({ from, to }) => to - from);
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThan(2);
      },
    ),
  );
});

it('gives one connection what is one chunk', () => {
  expect(laneBounds(0, { lanes: 4, chunkBlocks: 10 })).toEqual([
    { from: 0, to: 0 },
  ]);
  expect(laneBounds(10, { lanes: 4, chunkBlocks: 10 })).toHaveLength(1);
  expect(laneBounds(11, { lanes: 4, chunkBlocks: 10 })).toHaveLength(2);
});
