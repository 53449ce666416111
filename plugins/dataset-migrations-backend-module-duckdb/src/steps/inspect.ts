import { InputError } from '@backstage/errors';
import {
  Inspection,
  Location,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { formatOf } from '../formats/formatOf';
import { resolvePlace } from '../places/resolvePlace';
import { QueryError } from '../process/QueryError';
import { resolveFile } from '../publishing/manifestFiles';
import { readManifest } from '../publishing/readManifest';
import { sourceFiles } from '../publishing/sourceFiles';
import { partitionColumns } from '../relations/fileRelation';
import { cutSource } from './cutSource';

/** What the files say of themselves. */
export async function inspect(
  context: EngineContext,
  location: Location,
): Promise<Inspection> {
  const place = await resolvePlace(context.settings.roots, location);
  const manifest = await readManifest(place.state);
  const source = await sourceFiles(place, manifest);
  if (source.length === 0) {
    return { exists: false, fields: [] };
  }
  const signal = new AbortController().signal;
  return context.pool.withSession(place.folder, signal, async session => {
    try {
      const {
        rowsTotal,
        dialect,
        columns: found,
      } = await cutSource(session, place, source, context.settings, {
        columns: true,
      });
      const [first] = source;
      const columns = [
        ...(found ??
          (await formatOf(place, dialect).columns(
            session.query,
            resolveFile(place.folder, first),
          ))),
        ...partitionColumns(first.path),
      ];
      return {
        exists: true,
        recordedVersion: manifest?.published,
        fields: columns.map(({ name, type, partition }) => ({
          name,
          physicalType: partition === undefined ? type : 'folder',
          nullable: true,
        })),
        rows: rowsTotal,
        bytes: source.reduce((sum, { bytes }) => sum + bytes, 0),
      };
    } catch (error) {
      if (error instanceof QueryError) {
        throw new InputError(
          `${location.display} cannot be read: ${error.message}`,
        );
      }
      throw error;
    }
  });
}
