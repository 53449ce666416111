import { Mapping } from '@skein/backstage-plugin-dataset-migrations-common';
import { Location } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { formatOf } from '../formats/formatOf';
import { Place } from '../places/Place';
import { resolvePlace } from '../places/resolvePlace';
import { Session } from '../process/Session';
import { readManifest } from '../publishing/readManifest';
import { sourceFiles } from '../publishing/sourceFiles';
import { Chunk, chunkRelation } from './chunkRelation';
import { cutSource } from './cutSource';

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
    const { settings } = context;
    const { chunks, dialect } = await cutSource(
      session,
      place,
      source,
      settings,
    );
    const format = formatOf(place, dialect);
    return use({
      place,
      session,
      count: chunks.length,
      chunk(index) {
        const { file, rows } = chunks[index];
        const slice = { source: source[file], rows };
        return chunkRelation(session, place, format, mapping, slice);
      },
    });
  });
}
