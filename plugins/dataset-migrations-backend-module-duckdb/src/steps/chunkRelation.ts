import { InputError } from '@backstage/errors';
import {
  columnName,
  Mapping,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Format } from '../formats/Format';
import { Place } from '../places/Place';
import { partitionsOf } from '../places/partitions';
import { Session } from '../process/Session';
import { resolveFile } from '../publishing/manifestFiles';
import { Slice } from '../publishing/RunJournal';
import {
  columnProblems,
  columnsToRead,
  fileRelation,
} from '../relations/fileRelation';
import { Relation } from '../relations/Relation';

/** A chunk of the source. */
export interface Chunk {
  relation: Relation;
  /** Absolute path of the file it is a slice of. */
  file: string;
  /** For people: `flights.parquet, rows 0..999999`. */
  title: string;
}

/**
 * Opens a chunk of the source as the fields of the source's contract.
 *
 * @throws InputError naming file and columns when these are not the contract's
 */
export async function chunkRelation(
  session: Session,
  place: Place,
  format: Format,
  mapping: Mapping,
  { source, rows }: Slice,
): Promise<Chunk> {
  const { query } = session;
  const file = resolveFile(place.folder, source);
  const fields = mapping.source;
  const columns = await columnsToRead(format, query, file, source.path, fields);
  const problems = columnProblems(place.format, columns, fields);
  const known = new Set(fields.map(columnName));
  const shared = new Set(partitionsOf(source.path).map(({ name }) => name));
  for (const name of (await format.keys?.(query, file)) ?? []) {
    if (!known.has(name)) {
      problems.push(`has the key '${name}', which the contract does not know`);
    }
    if (shared.has(name)) {
      problems.push(`has the key '${name}', which its folders tell as well`);
    }
  }
  if (problems.length > 0) {
    throw new InputError(`'${source.path}' ${problems.join(', and ')}`);
  }
  return {
    relation: fileRelation(format, file, columns, fields, rows),
    file,
    title: rows
      ? `${source.path}, rows ${rows.from}..${Math.max(rows.to - 1, rows.from)}`
      : source.path,
  };
}
