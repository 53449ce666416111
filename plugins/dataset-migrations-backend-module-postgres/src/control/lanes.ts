import { Session } from '../connection/Session';
import { prepared } from '../connection/prepared';
import { Queryable } from '../table/readTable';

/**
 * A run of the source's blocks that one connection copies, chunk by chunk, with
 * its checkpoint: all blocks before `nextBlock` are in the shadow.
 */
export interface Lane {
  lane: number;
  nextBlock: number;
  endBlock: number;
  rowsDone: number;
  chunksDone: number;
  /** How long the next chunk is; absent before the first one. */
  chunkBlocks?: number;
}

export async function readLanes(
  session: Queryable,
  migrationId: string,
): Promise<Lane[]> {
  const rows = await session.query(
    `SELECT * FROM skein.lanes WHERE migration_id = $1 ORDER BY lane`,
    [migrationId],
  );
  return rows.map(laneOf);
}

/** Keeps a second worker with the same token out until the transaction ends. */
export async function lockLane(
  session: Session,
  migrationId: string,
  lane: number,
): Promise<Lane> {
  const [row] = await session.query(
    `SELECT * FROM skein.lanes WHERE migration_id = $1 AND lane = $2 FOR UPDATE`,
    [migrationId, lane],
  );
  return laneOf(row);
}

export async function advanceLane(
  session: Session,
  migrationId: string,
  lane: Lane,
  done: { nextBlock: number; rows: number; chunkBlocks: number },
): Promise<void> {
  await session.query(
    prepared(`UPDATE skein.lanes SET next_block = $3, rows_done = rows_done + $4, chunks_done = chunks_done + 1,
       chunk_blocks = $5
     WHERE migration_id = $1 AND lane = $2`),
    [migrationId, lane.lane, done.nextBlock, done.rows, done.chunkBlocks],
  );
}

function laneOf(row: any): Lane {
  return {
    lane: row.lane,
    nextBlock: Number(row.next_block),
    endBlock: Number(row.end_block),
    rowsDone: Number(row.rows_done),
    chunksDone: Number(row.chunks_done),
    chunkBlocks: row.chunk_blocks ? Number(row.chunk_blocks) : undefined,
  };
}
