/**
 * Ranges of blocks of equal length, one for each connection that copies, but
 * no more than there are chunks.
 */
export function laneBounds(
  blocks: number,
  options: { lanes: number; chunkBlocks: number },
): Array<{ from: number; to: number }> {
  const chunks = Math.max(1, Math.ceil(blocks / options.chunkBlocks));
  const lanes = Math.min(options.lanes, chunks);
  const bound = (lane: number) => Math.floor((blocks * lane) / lanes);
  return Array.from({ length: lanes }, (_, lane) => ({
    from: bound(lane),
    to: bound(lane + 1),
  }));
}
