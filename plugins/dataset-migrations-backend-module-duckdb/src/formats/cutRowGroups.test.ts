import fc from 'fast-check';
import { cutRowGroups } from './parquetFormat';

describe('cutRowGroups', () => {
  it('keeps row groups whole where they fit', () => {
    expect(cutRowGroups([4, 4, 4, 4, 2], 9)).toEqual([
      { from: 0, to: 8 },
      { from: 8, to: 16 },
      { from: 16, to: 18 },
    ]);
  });

  it('cuts groups that do not', () => {
    expect(cutRowGroups([5, 25], 10)).toEqual([
      { from: 0, to: 5 },
      { from: 5, to: 15 },
      { from: 15, to: 25 },
      { from: 25, to: 30 },
    ]);
  });

  it('gives a file without rows one empty chunk', () => {
    expect(cutRowGroups([], 10)).toEqual([{ from: 0, to: 0 }]);
    expect(cutRowGroups([0], 10)).toEqual([{ from: 0, to: 0 }]);
  });

  it('covers every row once, in chunks that are not too long', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50)),
        fc.integer({ min: 1, max: 40 }),
        (groups, chunkRows) => {
          const total = groups.reduce((sum, rows) => sum + rows, 0);
          const ranges = cutRowGroups(groups, chunkRows);
          ranges.forEach(({ from, to }, index) => {
            expect(from).toBe(index === 0 ? 0 : ranges[index - 1].to);
            expect(to - from).toBeLessThanOrEqual(chunkRows);
            expect(total === 0 || to > from).toBe(true);
          });
          expect(ranges[ranges.length - 1].to).toBe(total);
        },
      ),
    );
  });
});
