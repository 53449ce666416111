import {
  ChunkResult,
  EngineRun,
  SourceChangedError,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { formatOf } from '../formats/formatOf';
import { workThrough } from '../process/inLanes';
import { writtenOf } from '../publishing/RunJournal';
import { changedSources } from '../publishing/sourceFiles';
import { writeAside } from '../quarantine/writeAside';
import { CopyProgress } from './CopyProgress';
import { openJournal, openRun } from './openRun';
import { orRemove } from './removeUnheld';
import { writePart } from './writePart';

/**
 * Turns the next slices of the source into parts, one per thread. A part is
 * named when it is synced, and only then journaled: whatever is missing of
 * that, the chunk is not done, and is done again under the next token without
 * touching what stands there.
 *
 * @param onProgress - told how far the chunks at work got
 */
export async function copyChunk(
  context: EngineContext,
  run: EngineRun,
  onProgress: (progress: ChunkResult) => void = () => {},
): Promise<ChunkResult> {
  const open = await openRun(context, run);
  const { place, log } = open;
  await log.hold(run.fence);
  const journal = await openJournal(context, open, run);
  const done = await journal.chunks();
  const progress = new CopyProgress(journal.plan, done);
  const next = journal.plan.chunks
    .map((_, index) => index)
    .filter(index => !done.has(index))
    .slice(0, context.settings.threads);
  if (next.length === 0) {
    return progress.result();
  }
  const files = new Set(next.map(index => journal.slice(index).source));
  const [changed] = await changedSources(place, [...files]);
  if (changed !== undefined) {
    throw new SourceChangedError(
      `'${changed}' was written while it was migrated`,
    );
  }
  const format = formatOf(place, journal.plan.dialect);
  await workThrough(
    context.pool,
    place.folder,
    run.signal,
    next,
    async (session, index) => {
      const wanted = {
        slice: journal.slice(index),
        format,
        name: `part-${String(index + 1).padStart(5, '0')}`,
        title: `chunk ${index + 1}`,
        onProgress(share: number) {
          progress.read(index, share);
          onProgress(progress.result());
        },
      };
      const written = {
        part: await writePart(context, session, place, run, wanted),
        aside: await writeAside(context, session, place, run, wanted),
      };
      // A part of a worker that lost its lease meanwhile shall not be journaled.
      await orRemove(context, place, writtenOf([written]), () =>
        log.hold(run.fence),
      );
      done.set(
        index,
        await journal.record(index, { token: run.fence, ...written }),
      );
    },
  );
  return progress.result();
}
