import fc from 'fast-check';
import { waveEnds } from './waves';

describe('waveEnds', () => {
  it.each([
    [{ canary: 10, shares: [0.1, 0.5] }, 1000, [10, 100, 500, 1000]],
    [{ canary: 10, shares: [0.001, 1] }, 1000, [10, 1000]],
    [{ canary: 10, shares: [0.5, 1] }, 4, [4]],
    [{ canary: 10, shares: [] }, 0, []],
  ])('%j of %d', (waves, total, ends) => {
    expect(waveEnds({ ...waves, maxFailureRate: 0 }, total)).toEqual(ends);
  });

  it('is the last dataset at last, and rises', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 200 }),
        (canary, shares, total) => {
          const ends = waveEnds({ canary, shares, maxFailureRate: 0 }, total);
          expect(ends.at(-1)).toBe(total);
          expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
          expect(ends[0]).toBeGreaterThan(0);
        },
      ),
    );
  });
});
