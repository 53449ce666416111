import {
  Engine,
  PreviewRows,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { finalProjection, withSegments } from '../agents/runSegments';
import { EngineContext } from '../EngineContext';
import { ROW } from '../formats/Format';
import { QueryError } from '../process/QueryError';
import { ResultRow } from '../process/DuckDbProcess';
import { mappedRows } from '../quarantine/splitRows';
import { projectFields } from '../relations/projectFields';
import { withoutRaw } from '../relations/Relation';
import { spell } from '../relations/spell';
import { ident } from '../sql/quote';
import { Scope } from '../sql/Scope';
import { explainFailure } from './explainFailure';
import { withSource } from './withSource';

type PreviewRequest = Parameters<Engine['preview']>[0];

/** The first rows, before and after; the same index is the same row. */
export async function preview(
  context: EngineContext,
  request: PreviewRequest,
): Promise<PreviewRows> {
  const { location, mapping, limit, signal, agents } = request;
  return withSource(context, location, mapping, signal, async source => {
    const { session } = source;
    if (source.count === 0) {
      return { before: [], after: [] };
    }
    const chunk = await source.chunk(0);
    const row = ident(ROW);
    // What is set aside has nothing to be shown beside.
    const rows = mappedRows(chunk.relation, mapping);
    const first = {
      ...rows,
      sql: `(SELECT * FROM ${rows.sql} ORDER BY ${row} LIMIT ${Math.floor(
        limit,
      )})`,
    };
    const fields = [...first.fields.values()];
    const before = await session.query(
      `SELECT ${fields
        .map(
          (field, index) =>
            `${spell(field.read(new Scope()), field.field.type)} AS c${index}`,
        )
        .join(', ')} FROM ${first.sql} ORDER BY ${row}`,
    );
    const work = { session, agents, slice: 'preview' };
    return withSegments(mapping, first, work, async relation => {
      const values = projectFields(
        withoutRaw(relation),
        finalProjection(mapping),
      );
      try {
        const after = await session.query(
          `SELECT ${values
            .map(
              ({ field, sql }, index) =>
                `${spell(sql, field.type)} AS c${index}`,
            )
            .join(', ')} FROM ${relation.sql} ORDER BY ${row}`,
        );
        return {
          before: toTexts(before, fields.length),
          after: toTexts(after, values.length),
        };
      } catch (error) {
        if (error instanceof QueryError) {
          throw await explainFailure(session, relation, values, error, chunk);
        }
        throw error;
      }
    });
  });
}

function toTexts(
  rows: ResultRow[],
  width: number,
): Array<Array<string | null>> {
  return rows.map(row =>
    Array.from({ length: width }, (_, index) => {
      const value = row[`c${index}`];
      return value === null || value === undefined ? null : String(value);
    }),
  );
}
