import { InputError } from '@backstage/errors';
import {
  columnName,
  Field,
  MappingSegment,
  ProjectedField,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  AgentRunner,
  Batch,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { RunState } from '../control/runs';
import { Session } from '../connection/Session';
import { EmitScope, SourceColumn } from '../emit/emitExpression';
import { emitProjection } from '../emit/projection';
import { computedType } from '../emit/types';
import { mappedRows } from '../quarantine/setAside';
import { RunContext } from '../RunContext';
import { Queryable } from '../table/readTable';
import { sourceColumns } from '../table/layout';
import { insertStatement, isWritten } from './projectionRowWriter';
import { RowWriter } from './RowWriter';
import { runAgent } from './runAgent';
import { readValue, rowsFromJson, textOf, writeValue } from './values';

/**
 * The rows of a selection go through the imperative agents as one batch. The agents
 * run before the transaction that writes begins: a slow agent holds no
 * lock, and the source cannot change unnoticed meanwhile.
 */
export function agentRowWriter(
  context: RunContext,
  columns: RunState['columns'],
  into: string,
  reader: Queryable,
): RowWriter {
  const { run, live } = context;
  const segments = run.mapping.segments;
  const last = segments[segments.length - 1];
  if (last.kind !== 'projection') {
    throw new InputError('A mapping must end with a projection');
  }
  return {
    async prepare({ relation = live, clause, values, checkpoint }) {
      const read = await readSource(
        reader,
        run.mapping,
        columns,
        mappedRows(relation, run.mapping, columns, clause),
        values,
      );
      const batch = await runSegments(reader, segments.slice(0, -1), read, {
        agents: run.agents,
        checkpoint,
        signal: run.signal,
      });
      const written = last.fields.filter(({ field }) =>
        isWritten(field, columns),
      );
      return session => insertBatch(session, batch, written, into);
    },
  };
}

/**
 * The rows that the first agent gets: the source's, or what the projection
 * before it makes of them.
 *
 * @param from - what follows FROM, with `source` as the alias of the table
 */
export async function readSource(
  session: Queryable,
  mapping: { source: Field[]; segments: MappingSegment[] },
  columns: RunState['columns'],
  from: string,
  values: unknown[],
): Promise<Batch> {
  const [first] = mapping.segments;
  const scope = {
    relation: 'source',
    columns: sourceColumns(mapping.source, columns),
  };
  return first.kind === 'projection'
    ? readProjected(session, first.fields, scope, from, values)
    : readProjected(
        session,
        mapping.source.map(field => ({
          field,
          expression: { op: 'field', name: field.name, type: field.type },
        })),
        scope,
        from,
        values,
      );
}

async function readProjected(
  session: Queryable,
  projection: ProjectedField[],
  scope: EmitScope,
  from: string,
  values: unknown[],
): Promise<Batch> {
  const fields = projection.map(({ field }) => field);
  const shown = emitProjection(projection, scope).map(
    ({ projected, value }, index) =>
      `${textOf(value, projected.field.type)} AS c${index}`,
  );
  const rows = await session.query(
    `SELECT ${shown.join(', ')} FROM ${from}`,
    values,
  );
  return {
    fields,
    rows: rows.map(row =>
      Object.fromEntries(
        fields.map(({ name, type }, index) => [
          name,
          readValue(row[`c${index}`], type),
        ]),
      ),
    ),
  };
}

/** Everything between the first projection and the last. */
export async function runSegments(
  session: Queryable,
  segments: MappingSegment[],
  batch: Batch,
  options: { agents: AgentRunner; checkpoint: string; signal: AbortSignal },
): Promise<Batch> {
  const [first, ...rest] = segments;
  let current = batch;
  for (const segment of first?.kind === 'projection' ? rest : segments) {
    current =
      segment.kind === 'agent'
        ? await runAgent(options.agents, segment, current, options)
        : await readProjected(
            session,
            segment.fields,
            batchScope(current),
            `(${rowsFromJson('$1', current.fields)}) AS batch`,
            [batchAsJson(current)],
          );
  }
  return current;
}

/** The last projection, computed inside the database over a batch. */
async function insertBatch(
  session: Session,
  batch: Batch,
  projection: ProjectedField[],
  into: string,
): Promise<number> {
  const fields = emitProjection(projection, batchScope(batch));
  return session.execute(
    insertStatement(
      into,
      fields.map(({ projected }) => columnName(projected.field)),
      `SELECT ${fields
        .map(({ value }) => value)
        .join(', ')} FROM (${rowsFromJson('$1', batch.fields)}) AS batch`,
    ),
    [batchAsJson(batch)],
  );
}

/** A batch inside the database is called `batch`, its columns `c0`, `c1`, ... */
export function batchScope(batch: Batch): EmitScope {
  return {
    relation: 'batch',
    columns: new Map(
      batch.fields.map(({ name, type }, index): [string, SourceColumn] => [
        name,
        { column: `c${index}`, physicalType: computedType(type) },
      ]),
    ),
  };
}

export function batchAsJson(batch: Batch): string {
  return JSON.stringify(
    batch.rows.map(row =>
      batch.fields.map(({ name, type }) => writeValue(row[name], type)),
    ),
  );
}
