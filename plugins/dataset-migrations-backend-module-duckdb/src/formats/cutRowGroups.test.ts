import fc from 'fast-check';
import { cutRowGroups } from './parquetFormat';

describe('cutRowGroups', () => {
  it('keeps row groups whole where they fit', () => {
    expect(
      cutRowGroups([40, 40, 40, 40, 20], { chunkRows: 90, lanes: 1 }),
    ).toEqual([
      { from: 0, to: 90 },
      { from: 90, to: 180 },
    ]);
    expect(
      cutRowGroups([45, 40, 40, 40, 20], { chunkRows: 90, lanes: 1 }),
    ).toEqual([
      { from: 0, to: 62 },
      { from: 62, to: 125 },
      { from: 125, to: 185 },
    ]);
  });

  it('makes as many chunks as are worked on together, or a multiple', () => {
    expect(cutRowGroups([30], { chunkRows: 10, lanes: 2 })).toHaveLength(4);
    expect(cutRowGroups([30], { chunkRows: 30, lanes: 2 })).toHaveLength(1);
  });

  it('gives a file without rows one empty chunk', () => {
    expect(cutRowGroups([], { chunkRows: 10, lanes: 2 })).toEqual([
      { from: 0, to: 0 },
    ]);
    expect(cutRowGroups([0], { chunkRows: 10, lanes: 2 })).toEqual([
      { from: 0, to: 0 },
    ]);
  });

  it('covers every row once, in chunks that are hardly longer than asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50)),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 4 }),
        (groups, chunkRows, lanes) => {
          const total = groups.reduce((sum, rows) => sum + rows, 0);
          const ranges = cutRowGroups(groups, { chunkRows, lanes });
          ranges.forEach(({ from, to }, index) => {
            expect(from).toBe(index === 0 ? 0 : ranges[index - 1].to);
            expect(to - from).toBeLessThanOrEqual(chunkRows * 1.2 + 1);
            expect(total === 0 || to > from).toBe(true);
          });
          expect(ranges[ranges.length - 1].to).toBe(total);
        },
      ),
    );
  });
});
