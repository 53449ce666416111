import fc from 'fast-check';
import { ChunkRecord, RunPlan } from '../publishing/RunJournal';
import { CopyProgress } from './CopyProgress';

const file = (path: string, bytes: number) => ({ path, bytes } as never);

/** Rows 0 to 100 of one file in four slices. */
const sliced: RunPlan = {
  migration: 'm1',
  source: [file('a.parquet', 10)],
  chunks: [0, 25, 50, 75].map(from => ({
    file: 0,
    rows: { from, to: from + 25 },
  })),
  rowsTotal: 100,
};

/** Two files, the second three times as long. */
const whole: RunPlan = {
  migration: 'm1',
  source: [file('a.csv', 100), file('b.csv', 300)],
  chunks: [{ file: 0 }, { file: 1 }],
};

const journal = (...parts: Array<[index: number, rows: number]>) =>
  new Map<number, ChunkRecord>(
    parts.map(([index, rows]) => [
      index,
      { token: 1, part: { path: `${index}`, bytes: 1, rows } as never },
    ]),
  );

describe('CopyProgress', () => {
  it('counts what is read for slices, and what was there before not as of now', () => {
    const progress = new CopyProgress(sliced, journal([0, 25]));
    expect(progress.result()).toMatchObject({ rows: 0, rowsDone: 25 });
    progress.read(1, 0.125);
    progress.read(2, 0.05);
    expect(progress.result()).toEqual({
      done: false,
      rows: 18,
      rowsDone: 43,
      rowsTotal: 100,
      chunksDone: 1,
      chunksTotal: 4,
    });
  });

  it('goes by bytes where nobody knows the number of rows', () => {
    const done = journal();
    const progress = new CopyProgress(whole, done);
    expect(progress.result()).toMatchObject({ rowsDone: 0, share: 0 });
    progress.read(1, 0.5);
    expect(progress.result()).toMatchObject({ rowsDone: 0, share: 0.375 });
    journal([0, 7]).forEach((record, index) => done.set(index, record));
    expect(progress.result()).toMatchObject({ rowsDone: 7, share: 0.625 });
    journal([1, 9]).forEach((record, index) => done.set(index, record));
    expect(progress.result()).toEqual({
      done: true,
      rows: 16,
      rowsDone: 16,
      chunksDone: 2,
      chunksTotal: 2,
    });
  });

  it('never goes back, nor beyond what there is', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.nat(3), fc.double({ min: 0, max: 1, noNaN: true })),
        ),
        reports => {
          const progress = new CopyProgress(sliced, journal([0, 25]));
          let before = 25;
          for (const [index, share] of reports) {
            progress.read(index, share);
            const { rowsDone, done } = progress.result();
            expect(rowsDone).toBeGreaterThanOrEqual(before);
            expect(rowsDone).toBeLessThanOrEqual(100);
            expect(done).toBe(false);
            before = rowsDone;
          }
        },
      ),
    );
  });
});
