import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { finalProjection, withSegments } from '../agents/runSegments';
import { EngineContext } from '../EngineContext';
import { Format } from '../formats/Format';
import { formatOf } from '../formats/formatOf';
import { Place } from '../places/Place';
import { QueryError } from '../process/QueryError';
import { RunPlan } from '../publishing/RunJournal';
import { columnName } from '../relations/columnName';
import { ProjectedValue, projectFields } from '../relations/projectFields';
import { ident, literal } from '../sql/quote';
import { chunkRelation } from './chunkRelation';
import { explainFailure } from './explainFailure';

/**
 * Writes one chunk, pushed through the mapping, into a file, by one statement.
 *
 * @returns the number of rows
 * @throws InputError naming the field that cannot be mapped
 */
export async function writePart(
  context: EngineContext,
  place: Place,
  run: EngineRun,
  plan: RunPlan,
  index: number,
  file: string,
): Promise<number> {
  const format = formatOf(place);
  return context.pool.withSession(place.folder, run.signal, async session => {
    const chunk = await chunkRelation(session, place, run.mapping, plan, index);
    const options = await format.copyOptions(session.query, chunk.file);
    const work = { session, agents: run.agents, slice: `chunk ${index + 1}` };
    return withSegments(run.mapping, chunk.relation, work, async relation => {
      const values = projectFields(relation, finalProjection(run.mapping));
      const columns = values.map(value => outputColumn(format, value));
      try {
        const [result] = await session.query(
          `COPY (SELECT ${columns.join(', ')} FROM ${
            relation.sql
          }) TO ${literal(file)} (${options})`,
        );
        return Number(result.Count);
      } catch (error) {
        if (error instanceof QueryError) {
          throw await explainFailure(session, relation, values, error, chunk);
        }
        throw error;
      }
    });
  });
}

function outputColumn(
  format: Format,
  { field, sql, untouched }: ProjectedValue,
): string {
  const value = untouched ? sql : format.write(sql, field.type);
  return `${value} AS ${ident(columnName(field))}`;
}
