import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { Format } from '../formats/Format';
import { Place } from '../places/Place';
import { QueryError } from '../process/QueryError';
import { Query } from '../process/Session';
import { ManifestFile } from '../publishing/manifest';
import { resolveFile } from '../publishing/manifestFiles';
import {
  columnProblems,
  columnsToRead,
  fileRelation,
} from '../relations/fileRelation';
import { Relation } from '../relations/Relation';

/**
 * A part as the fields of the target, read back from disk.
 *
 * @returns a sentence when it is no such part
 */
export async function openPart(
  query: Query,
  place: Place,
  format: Format,
  run: EngineRun,
  part: ManifestFile,
): Promise<Relation | string> {
  const file = resolveFile(place.folder, part);
  const fields = run.mapping.target;
  try {
    const columns = await columnsToRead(format, query, file, part.path, fields);
    const problems = columnProblems(place.format, columns, fields);
    return problems.length === 0
      ? fileRelation(format, file, columns, fields)
      : `${part.path} ${problems.join(', and ')}`;
  } catch (error) {
    if (!(error instanceof QueryError) || error.outOfMemory) {
      throw error;
    }
    return `${part.path} cannot be read: ${error.message}`;
  }
}
