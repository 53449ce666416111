import { Settings } from '../config/readSettings';
import { Dialect } from '../formats/csvDialect';
import { FileColumn } from '../formats/Format';
import { formatOf } from '../formats/formatOf';
import { Place } from '../places/Place';
import { Session } from '../process/Session';
import { resolveFile } from '../publishing/manifestFiles';
import { ChunkPlan } from '../publishing/RunJournal';
import { SourceFile } from '../publishing/sourceFiles';
import { findDialect } from './findDialect';

/** How a source is read, and cut into chunks. */
export interface CutSource {
  chunks: ChunkPlan[];
  /** Where the format tells it without a scan. */
  rowsTotal?: number;
  /** Of CSV files. */
  dialect?: Dialect;
  /** In the first file, where they are of use and came with the rest. */
  columns?: FileColumn[];
}

/**
 * Looks at files as far as is needed to plan how to read them.
 *
 * @param options.columns - whether the columns in the first file are of use
 */
export async function cutSource(
  session: Session,
  place: Place,
  source: SourceFile[],
  { chunkRows, threads }: Pick<Settings, 'chunkRows' | 'threads'>,
  options: { columns?: boolean } = {},
): Promise<CutSource> {
  const files = source.map(file => resolveFile(place.folder, file));
  const dialect = await findDialect(session, place, files);
  const cut = await formatOf(place, dialect).cut(session.query, files, {
    chunkRows,
    lanes: threads,
    ...options,
  });
  return { ...cut, ...(dialect && { dialect }) };
}
