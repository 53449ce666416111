import { InputError } from '@backstage/errors';
import { Mapping } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatOf } from '../formats/formatOf';
import { Place } from '../places/Place';
import { Session } from '../process/Session';
import { resolveFile } from '../publishing/manifestFiles';
import { RunPlan } from '../publishing/RunJournal';
import { columnName } from '../relations/columnName';
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
  mapping: Mapping,
  plan: Pick<RunPlan, 'source' | 'chunks'>,
  index: number,
): Promise<Chunk> {
  const format = formatOf(place);
  const { file, rows } = plan.chunks[index];
  const entry = plan.source[file];
  const absolute = resolveFile(place.folder, entry);
  const fields = mapping.source;
  const columns = await columnsToRead(format, session.query, absolute, fields);
  const problems = columnProblems(place.format, columns, fields);
  const known = new Set(fields.map(columnName));
  for (const name of (await format.keys?.(session.query, absolute)) ?? []) {
    if (!known.has(name)) {
      problems.push(`has the key '${name}', which the contract does not know`);
    }
  }
  if (problems.length > 0) {
    throw new InputError(`'${entry.path}' ${problems.join(', and ')}`);
  }
  return {
    relation: fileRelation(format, absolute, columns, fields, rows),
    file: absolute,
    title: rows
      ? `${entry.path}, rows ${rows.from}..${Math.max(rows.to - 1, rows.from)}`
      : entry.path,
  };
}
