import {
  columnName,
  Field,
  ProjectedField,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { ident } from '../connection/sql';
import { emitProjection } from '../emit/projection';
import { RunState } from '../control/runs';
import { mappedRows } from '../quarantine/setAside';
import { RunContext } from '../RunContext';
import { sourceColumns } from '../table/layout';
import { RowWriter } from './RowWriter';

/** One statement inside the database for all rows of a selection. */
export function projectionRowWriter(
  context: RunContext,
  projection: ProjectedField[],
  columns: RunState['columns'],
  into: string,
): RowWriter {
  const { run, live } = context;
  const fields = emitProjection(projection, {
    relation: 'source',
    columns: sourceColumns(run.mapping.source, columns),
  }).filter(({ projected }) => isWritten(projected.field, columns));
  const names = fields.map(({ projected }) => columnName(projected.field));
  const computed = fields.map(({ value }) => value).join(', ');
  return {
    async prepare({ relation = live, clause, values }) {
      const rows = mappedRows(relation, run.mapping, columns, clause);
      const statement = insertStatement(
        into,
        names,
        `SELECT ${computed} FROM ${rows}`,
      );
      return session => session.execute(statement, values);
    },
  };
}

/** Whether a column of the target gets its values from us. */
export function isWritten(field: Field, columns: RunState['columns']): boolean {
  return columns.every(({ computes }) => computes !== columnName(field));
}

/** An INSERT that may write identity columns. */
export function insertStatement(
  into: string,
  columns: string[],
  select: string,
): string {
  return `INSERT INTO ${into} (${columns
    .map(ident)
    .join(', ')}) OVERRIDING SYSTEM VALUE ${select}`;
}
