import { Mapping } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  AgentRunner,
  PreviewRows,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { Session } from './connection/Session';
import { qualified } from './connection/sql';
import { emitExpression } from './emit/emitExpression';
import { emitProjection, soleProjection } from './emit/projection';
import { mappedRows } from './quarantine/setAside';
import { Place } from './RunContext';
import {
  batchAsJson,
  batchScope,
  readSource,
  runSegments,
} from './rows/agentRowWriter';
import { rowsFromJson } from './rows/values';
import { sourceColumns } from './table/layout';

/** What is to be shown of a table. */
export interface PreviewRequest {
  place: Place;
  mapping: Mapping;
  columns: Array<{ name: string; type: string }>;
  limit: number;
  signal: AbortSignal;
  agents: AgentRunner;
}

/** Makes two scans of a table meet its rows in the same order. */
export const steadyOrder = {
  synchronize_seqscans: 'off',
  max_parallel_workers_per_gather: '0',
};

/**
 * The first rows as they are and as the mapping makes them, as PostgreSQL
 * writes them.
 *
 * @param session - a repeatable-read transaction with {@link steadyOrder}
 */
export async function preview(
  session: Session,
  request: PreviewRequest,
): Promise<PreviewRows> {
  const { place, mapping, columns, limit } = request;
  const scope = {
    relation: 'source',
    columns: sourceColumns(mapping.source, columns),
  };
  // What is set aside has nothing to be shown beside.
  const rows = mappedRows(qualified(place), mapping, columns);
  const from = `(SELECT source.* FROM ${rows} LIMIT $1) AS source`;
  const before = await rowsAsText(
    session,
    mapping.source.map(({ name, type }) =>
      emitExpression({ op: 'field', name, type }, scope),
    ),
    from,
    [limit],
  );
  const sole = soleProjection(mapping);
  if (sole) {
    const values = emitProjection(sole, scope).map(({ value }) => value);
    return { before, after: await rowsAsText(session, values, from, [limit]) };
  }
  const { segments } = mapping;
  const last = segments[segments.length - 1];
  const batch = await runSegments(
    session,
    segments.slice(0, -1),
    await readSource(session, mapping, columns, from, [limit]),
    { ...request, checkpoint: 'preview' },
  );
  const values =
    last.kind === 'projection'
      ? emitProjection(last.fields, batchScope(batch)).map(({ value }) => value)
      : [];
  return {
    before,
    after: await rowsAsText(
      session,
      values,
      `(${rowsFromJson('$1', batch.fields)}) AS batch`,
      [batchAsJson(batch)],
    ),
  };
}

async function rowsAsText(
  session: Session,
  values: string[],
  from: string,
  parameters: unknown[],
): Promise<Array<Array<string | null>>> {
  const shown = values.map((value, index) => `(${value})::text AS c${index}`);
  const rows = await session.query(
    `SELECT ${shown.join(', ')} FROM ${from}`,
    parameters,
  );
  return rows.map(row => values.map((_, index) => row[`c${index}`]));
}
