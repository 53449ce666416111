import path from 'path';
import {
  ChunkResult,
  EngineRun,
  SourceChangedError,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { formatOf } from '../formats/formatOf';
import { describeFile } from '../publishing/manifestFiles';
import { stagedName } from '../publishing/DurableFiles';
import { changedSources } from '../publishing/sourceFiles';
import { ChunkRecord, RunJournal, partsFolder } from '../publishing/RunJournal';
import { openJournal, openRun } from './openRun';
import { writePart } from './writePart';

/**
 * Turns the next slice of the source into a part. The part is written under a
 * name that nobody reads, synced, named, and only then journaled: whatever is
 * missing of that, the chunk is not done, and is done again under the next
 * token without touching what stands there.
 */
export async function copyChunk(
  context: EngineContext,
  run: EngineRun,
): Promise<ChunkResult> {
  const open = await openRun(context, run);
  const { place, log } = open;
  await log.hold(run.fence);
  const journal = await openJournal(context, open, run);
  const done = await journal.chunks();
  const index = journal.plan.chunks.findIndex((_, number) => !done.has(number));
  if (index < 0) {
    return progress(journal, done, 0);
  }
  const { source, chunks } = journal.plan;
  const file = source[chunks[index].file];
  if ((await changedSources(place, [file])).length > 0) {
    throw new SourceChangedError(
      `'${file.path}' was written while it was migrated`,
    );
  }

  const { files } = context;
  const folder = partsFolder(place, run);
  await files.makeFolder(folder);
  const number = String(index + 1).padStart(5, '0');
  const part = path.join(folder, `part-${number}${formatOf(place).extension}`);
  const staged = path.join(folder, stagedName(part));
  let rows: number;
  try {
    rows = await files.act('part', () =>
      writePart(context, place, run, journal.plan, index, staged),
    );
  } catch (error) {
    // What is left of it hurts nobody; the error that matters is the first.
    await files.remove(staged).catch(() => {});
    throw error;
  }
  await files.finish(staged, part);
  // A part of a worker that lost its lease meanwhile shall not be journaled.
  await log.hold(run.fence);
  const record: ChunkRecord = {
    token: run.fence,
    part: { ...(await describeFile(place.folder, part)), rows },
  };
  await journal.record(index, record);
  return progress(journal, await journal.chunks(), rows);
}

function progress(
  { plan }: RunJournal,
  done: Map<number, ChunkRecord>,
  rows: number,
): ChunkResult {
  const records = [...done.values()];
  return {
    done: records.length === plan.chunks.length,
    rows,
    rowsDone: records.reduce((sum, { part }) => sum + part.rows, 0),
    rowsTotal: plan.rowsTotal,
    chunksDone: records.length,
    chunksTotal: plan.chunks.length,
  };
}
