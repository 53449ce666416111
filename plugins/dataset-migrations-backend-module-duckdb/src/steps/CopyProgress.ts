import { ChunkResult } from '@skein/backstage-plugin-dataset-migrations-node';
import { ChunkRecord, rowsOf, RunPlan } from '../publishing/RunJournal';

/**
 * How far a run got: what its journal says is done, and an estimate of what is
 * read for the chunks at work.
 */
export class CopyProgress {
  private readonly before: number;
  /** How much of each chunk at work is read, from 0 to 1. */
  private readonly atWork = new Map<number, number>();

  /** @param done - the journal's, to which the caller adds what it finishes */
  constructor(
    private readonly plan: RunPlan,
    private readonly done: ReadonlyMap<number, ChunkRecord>,
  ) {
    this.before = this.copied();
  }

  /**
   * Takes down how much is read for a chunk. What DuckDB skips in the file it
   * does not count, so a slice is read when as much as it is long has been.
   *
   * @param share - of the whole file, from 0 to 1
   */
  read(index: number, share: number): void {
    const { file, rows } = this.plan.chunks[index];
    const ofFile = this.plan.chunks.filter(chunk => chunk.file === file);
    const total = Math.max(...ofFile.map(chunk => chunk.rows?.to ?? 0));
    const read = rows
      ? (share * total) / Math.max(1, rows.to - rows.from)
      : share;
    const so = this.atWork.get(index) ?? 0;
    this.atWork.set(index, Math.min(1, Math.max(so, read)));
  }

  /** Counts only rows that are journaled when no chunk is at work. */
  result(): ChunkResult {
    const { chunks, rowsTotal } = this.plan;
    const rowsDone = this.copied() + this.estimated();
    const done = this.done.size === chunks.length;
    return {
      done,
      rows: rowsDone - this.before,
      rowsDone,
      rowsTotal,
      chunksDone: this.done.size,
      chunksTotal: chunks.length,
      ...(rowsTotal === undefined && !done && { share: this.share() }),
    };
  }

  private copied(): number {
    return [...this.done.values()].reduce(
      (sum, record) => sum + rowsOf(record),
      0,
    );
  }

  private estimated(): number {
    const rows = this.plan.chunks.map((chunk, index) =>
      this.done.has(index) || !chunk.rows
        ? 0
        : (this.atWork.get(index) ?? 0) * (chunk.rows.to - chunk.rows.from),
    );
    return Math.round(rows.reduce((sum, n) => sum + n, 0));
  }

  /** By bytes, where the format does not tell how many rows there are. */
  private share(): number {
    const { chunks, source } = this.plan;
    const bytes = (read: (index: number) => number) =>
      chunks.reduce(
        (sum, { file }, index) => sum + read(index) * source[file].bytes,
        0,
      );
    const read = bytes(index =>
      this.done.has(index) ? 1 : this.atWork.get(index) ?? 0,
    );
    return (
      read /
      Math.max(
        1,
        bytes(() => 1),
      )
    );
  }
}
