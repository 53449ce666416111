import { TransformProgress } from '@skein/backstage-plugin-dataset-migrations-common';
import { ChunkResult } from '@skein/backstage-plugin-dataset-migrations-node';
import { transitionMigration } from '../database/operations/migrations/transitionMigration';
import { estimateProgress } from './estimateProgress';
import { ObjectChunks } from './ObjectChunks';
import { StageContext } from './types';

/** Often enough for people who watch, rarely enough for the database. */
const REPORT_MS = 1000;

/** Tells people who watch how far one job of a transformation got. */
export class ProgressReports {
  private readonly started = performance.now();
  private reportedAt = 0;
  private writing = Promise.resolve();

  constructor(
    private readonly context: StageContext,
    private readonly chunks: Pick<ObjectChunks, 'rowsInSlice'>,
  ) {}

  get elapsedMs(): number {
    return performance.now() - this.started;
  }

  /** What is to be shown of a chunk, done or at work. */
  progressOf(chunk: ChunkResult): TransformProgress {
    return estimateProgress({
      chunk,
      rowsInSlice: this.chunks.rowsInSlice,
      elapsedMs: this.elapsedMs,
    });
  }

  /** Writes it down, one at a time and unless that was done just now. */
  offer(progress: TransformProgress): void {
    if (this.elapsedMs - this.reportedAt < REPORT_MS) {
      return;
    }
    this.reportedAt = this.elapsedMs;
    const writing = this.writing.then(() => this.write(progress));
    // Whoever waits for it hears of its failure.
    writing.catch(() => {});
    this.writing = writing;
  }

  /**
   * Waits until what was offered is written.
   *
   * @throws SupersededError when the migration went on without this job
   */
  async settled(): Promise<void> {
    await this.writing;
  }

  private async write(progress: TransformProgress): Promise<void> {
    const { deps, record, writeEarlier } = this.context;
    await writeEarlier();
    await deps.knex.transaction(trx =>
      transitionMigration(trx, record, { progress }),
    );
    const { id: migrationId, datasetRef } = record;
    deps.migrationChanged({ migrationId, datasetRef });
  }
}
