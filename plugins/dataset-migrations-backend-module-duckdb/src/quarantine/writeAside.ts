import path from 'path';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { Place } from '../places/Place';
import { Session } from '../process/Session';
import { stagedName } from '../publishing/DurableFiles';
import { describeFile } from '../publishing/manifestFiles';
import { Part } from '../publishing/RunJournal';
import { asideFolder } from '../publishing/runFolders';
import { chunkRelation } from '../steps/chunkRelation';
import { PartToWrite } from '../steps/writePart';
import { ident, literal } from '../sql/quote';
import { keptColumns, originOf } from './keptColumns';
import { ASIDE_COLUMNS, rowsAside } from './splitRows';

/**
 * Writes the rows of a slice that the mapping sets aside into a Parquet file of
 * their own, whatever the format of the dataset: columns as the file has them,
 * text where it has text.
 *
 * @returns undefined where there are none
 */
export async function writeAside(
  { files }: EngineContext,
  session: Session,
  place: Place,
  run: EngineRun,
  { slice, format, name }: PartToWrite,
): Promise<Part | undefined> {
  const { mapping } = run;
  if (!mapping.setAside) {
    return undefined;
  }
  const chunk = await chunkRelation(session, place, format, mapping, slice);
  const { sql } = rowsAside(chunk.relation, mapping, originOf(slice));
  const columns = [
    ...keptColumns(chunk.relation).map(
      ({ name: column, source }) => `${source} AS ${ident(column)}`,
    ),
    `now() AS ${ident(ASIDE_COLUMNS.at)}`,
  ];
  const folder = asideFolder(place, run);
  await files.makeFolder(folder);
  const part = path.join(folder, `${name}.parquet`);
  const staged = path.join(folder, stagedName(part));
  let rows: number;
  try {
    rows = await files.act('rows aside', async () => {
      const [result] = await session.query(
        `COPY (SELECT ${columns.join(', ')} FROM ${sql}) TO ${literal(
          staged,
        )} (FORMAT parquet, COMPRESSION zstd)`,
      );
      return Number(result.Count);
    });
  } catch (error) {
    await files.remove(staged).catch(() => {});
    throw error;
  }
  if (rows === 0) {
    await files.remove(staged);
    return undefined;
  }
  await files.finish(staged, part);
  return { ...(await describeFile(place.folder, part)), rows };
}
