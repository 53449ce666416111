import { columnName } from '@skein/backstage-plugin-dataset-migrations-common';
import path from 'path';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { finalProjection, withSegments } from '../agents/runSegments';
import { EngineContext } from '../EngineContext';
import { Format } from '../formats/Format';
import { packedEnding } from '../places/fileFormats';
import { Place } from '../places/Place';
import { OnProgress } from '../process/DuckDbProcess';
import { QueryError } from '../process/QueryError';
import { Session } from '../process/Session';
import { stagedName } from '../publishing/DurableFiles';
import { describeFile } from '../publishing/manifestFiles';
import { Part, Slice } from '../publishing/RunJournal';
import { partsFolder } from '../publishing/runFolders';
import { partitionFolders } from '../relations/partitionFolders';
import { ProjectedValue, projectFields } from '../relations/projectFields';
import { mappedRows } from '../quarantine/splitRows';
import { ident, literal } from '../sql/quote';
import { chunkRelation } from './chunkRelation';
import { explainFailure } from './explainFailure';

/** What is written, and how. */
export interface PartToWrite {
  slice: Slice;
  format: Format;
  /** Of the part's file, without an extension. */
  name: string;
  /** What the rows are called in an agent's checkpoint: `chunk 3`. */
  title: string;
  /** Told how much of the whole file was read for it. */
  onProgress?: OnProgress;
}

/**
 * Turns a slice of the source, pushed through the mapping, into a part by one
 * statement: under a name that nobody reads, synced, and only then named.
 *
 * @throws InputError naming the field that cannot be mapped
 */
export async function writePart(
  { files }: EngineContext,
  session: Session,
  place: Place,
  run: EngineRun,
  wanted: PartToWrite,
): Promise<Part> {
  const { slice, format, name } = wanted;
  const { folders, fields } = await partitionFolders(
    session.query,
    run.mapping,
    slice.source.path,
  );
  const folder = path.join(partsFolder(place, run), ...folders);
  await files.makeFolder(folder);
  const packed = packedEnding(slice.source.path);
  const part = path.join(folder, `${name}${format.extension}${packed}`);
  const staged = path.join(folder, stagedName(part));
  let rows: number;
  try {
    rows = await files.act('part', () =>
      copySlice(session, place, run, wanted, fields, staged),
    );
  } catch (error) {
    // What is left of it hurts nobody; the error that matters is the first.
    await files.remove(staged).catch(() => {});
    throw error;
  }
  await files.finish(staged, part);
  return { ...(await describeFile(place.folder, part)), rows };
}

async function copySlice(
  session: Session,
  place: Place,
  run: EngineRun,
  { slice, format, title, onProgress }: PartToWrite,
  inFolders: ReadonlySet<string>,
  file: string,
): Promise<number> {
  const { mapping, agents } = run;
  const chunk = await chunkRelation(session, place, format, mapping, slice);
  const options = await format.copyOptions(session.query, chunk.file);
  const work = { session, agents, slice: title };
  const rows = mappedRows(chunk.relation, mapping);
  return withSegments(mapping, rows, work, async relation => {
    const values = projectFields(relation, finalProjection(mapping));
    const columns = values
      .filter(({ field }) => !inFolders.has(field.name))
      .map(value => outputColumn(format, value));
    try {
      const [result] = await session.query(
        `COPY (SELECT ${columns.join(', ')} FROM ${relation.sql}) TO ${literal(
          file,
        )} (${options})`,
        onProgress,
      );
      return Number(result.Count);
    } catch (error) {
      if (error instanceof QueryError) {
        throw await explainFailure(session, relation, values, error, chunk);
      }
      throw error;
    }
  });
}

function outputColumn(
  format: Format,
  { field, sql, untouched }: ProjectedValue,
): string {
  const value = untouched ? sql : format.write(sql, field.type);
  return `${value} AS ${ident(columnName(field))}`;
}
