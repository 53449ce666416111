import { EnginePlanSummary } from '@skein/backstage-plugin-dataset-migrations-common';
import { ChunkResult } from '@skein/backstage-plugin-dataset-migrations-node';

/** Adds up how far the objects of a migration are copied, one after the other. */
export class ObjectChunks {
  private readonly results: ChunkResult[] = [];
  /** Rows that every object had when this slice began. */
  private readonly rowsBefore: number[] = [];
  private done = 0;

  /** @param plan - estimates what has not been asked yet */
  constructor(
    private readonly objects: number,
    private readonly plan?: Pick<EnginePlanSummary, 'rows' | 'chunks'>,
  ) {}

  /** How many objects are copied: the position of the one that is next. */
  get complete(): number {
    return this.done;
  }

  /** Rows copied since this slice began. */
  get rowsInSlice(): number {
    const rows = this.results.reduce(
      (sum, { rowsDone }, index) => sum + rowsDone - this.rowsBefore[index],
      0,
    );
    return Math.max(0, rows);
  }

  /**
   * @param chunk - of the object that is next, done or at work
   * @returns the same chunk, with the totals of all objects
   */
  add(chunk: ChunkResult): ChunkResult {
    this.rowsBefore[this.done] ??= chunk.rowsDone - chunk.rows;
    this.results[this.done] = chunk;
    if (chunk.done) {
      this.done += 1;
    }
    return {
      ...chunk,
      share: this.objects === 1 ? chunk.share : undefined,
      rowsDone: this.sum('rowsDone'),
      rowsTotal: this.total('rowsTotal', this.plan?.rows),
      chunksDone: this.sum('chunksDone'),
      chunksTotal: this.total('chunksTotal', this.plan?.chunks),
    };
  }

  private sum(key: 'rowsDone' | 'chunksDone'): number {
    return this.results.reduce((sum, result) => sum + result[key], 0);
  }

  private total(
    key: 'rowsTotal' | 'chunksTotal',
    planned = 0,
  ): number | undefined {
    const known = this.results.reduce<number | undefined>(
      (sum, { [key]: total }) =>
        sum === undefined || total === undefined ? undefined : sum + total,
      0,
    );
    return known !== undefined && this.results.length < this.objects
      ? Math.max(known, planned)
      : known;
  }
}
