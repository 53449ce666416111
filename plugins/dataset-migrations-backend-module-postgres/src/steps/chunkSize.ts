/** How fast the size of chunks may change, so that one slow chunk decides little. */
const STEP = 4;

/**
 * How many blocks the next chunk of a lane has: as many as take the time that
 * one is to take, going by the last one; a quarter to four times as many as
 * that, and no more than `most`.
 */
export function nextChunkBlocks(
  last: { blocks: number; seconds: number },
  options: { chunkSeconds: number; most: number },
): number {
  const fitting = (last.blocks * options.chunkSeconds) / last.seconds;
  const bounded = Math.min(
    Math.max(fitting, last.blocks / STEP),
    last.blocks * STEP,
    options.most,
  );
  return Math.max(1, Math.floor(bounded));
}
