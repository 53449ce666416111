import { TransformProgress } from '@skein/backstage-plugin-dataset-migrations-common';
import { ChunkResult } from '@skein/backstage-plugin-dataset-migrations-node';

/** Rate and time left from the pace of this slice; earlier ones may be days ago. */
export function estimateProgress(options: {
  chunk: ChunkResult;
  /** Rows copied since this job began. */
  rowsInSlice: number;
  elapsedMs: number;
}): TransformProgress {
  const { rowsDone, rowsTotal, chunksDone, chunksTotal } = options.chunk;
  const { share, activity, changesWaiting, throttledBy } = options.chunk;
  const seconds = options.elapsedMs / 1000;
  const rowsPerSecond =
    seconds > 0 ? Math.round(options.rowsInSlice / seconds) : undefined;
  const secondsLeft =
    rowsTotal !== undefined && rowsPerSecond
      ? Math.ceil(Math.max(rowsTotal - rowsDone, 0) / rowsPerSecond)
      : undefined;
  return {
    rowsDone,
    rowsTotal,
    chunksDone,
    chunksTotal,
    share,
    rowsPerSecond,
    secondsLeft,
    activity,
    changesWaiting,
    throttledBy,
  };
}
