import fc from 'fast-check';
import { partsOf } from './extents';

it('finds each block of each partition once, in whatever ranges', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 10 }),
      fc.integer({ min: 1, max: 12 }),
      (lengths, step) => {
        const extents = lengths.map((blocks, index) => ({ blocks, index }));
        const found: string[] = [];
        const total = lengths.reduce((a, b) => a + b, 0);
        for (let first = 0; first < total; first += step) {
          const end = Math.min(total, first + step);
          for (const { extent, from, to } of partsOf(extents, first, end)) {
            for (let block = from; block < to; block += 1) {
              found.push(`${extent.index}:${block}`);
            }
          }
        }
        expect(found).toEqual(
          extents.flatMap(({ blocks, index }) =>
            Array.from({ length: blocks }, (_, block) => `${index}:${block}`),
          ),
        );
      },
    ),
  );
});
