import { Mapping } from '@skein/backstage-plugin-dataset-migrations-common';
import { Location } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { formatOf } from '../formats/formatOf';
import { Place } from '../places/Place';
import { resolvePlace } from '../places/resolvePlace';
import { Session } from '../process/Session';
import { resolveFile } from '../publishing/manifestFiles';
import { readManifest } from '../publishing/readManifest';
import { RunPlan } from '../publishing/RunJournal';
import { sourceFiles } from '../publishing/sourceFiles';
import { Chunk, chunkRelation } from './chunkRelation';

/** The dataset as it is now, cut into chunks, outside any run. */
export interface OpenSource {
  place: Place;
  session: Session;
  count: number;
  chunk(index: number): Promise<Chunk>;
}

/** Reads what is current, for steps that change nothing. */
export async function withSource<T>(
  context: EngineContext,
  location: Location,
  mapping: Mapping,
  signal: AbortSignal,
  use: (source: OpenSource) => Promise<T>,
): Promise<T> {
  const place = await resolvePlace(context.settings.roots, location);
  const source = await sourceFiles(place, await readManifest(place.state));
  return context.pool.withSession(place.folder, signal, async session => {
    const { chunks } = await formatOf(place).cut(
      session.query,
      source.map(file => resolveFile(place.folder, file)),
      context.settings.chunkRows,
    );
    const plan: Pick<RunPlan, 'source' | 'chunks'> = { source, chunks };
    return use({
      place,
      session,
      count: chunks.length,
      chunk: index => chunkRelation(session, place, mapping, plan, index),
    });
  });
}
