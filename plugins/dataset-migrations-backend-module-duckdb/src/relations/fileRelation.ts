import {
  columnName,
  Field,
  FieldType,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatFieldType } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { FileColumn, Format } from '../formats/Format';
import { partitionsOf } from '../places/partitions';
import { FormatName } from '../places/Place';
import { Query } from '../process/Session';
import { ChunkPlan } from '../publishing/RunJournal';
import { readableAs, typeOfColumn } from '../sql/duckTypes';
import { emitCast } from '../sql/emitCast';
import { ident, literal } from '../sql/quote';
import { Scope } from '../sql/Scope';
import { UnsupportedError } from '../sql/UnsupportedError';
import { Relation } from './Relation';

/** A slice of a file, read as the fields of a contract. */
export function fileRelation(
  format: Format,
  file: string,
  columns: FileColumn[],
  fields: Field[],
  rows?: ChunkPlan['rows'],
): Relation {
  const own = columns.filter(({ partition }) => partition === undefined);
  return withPartitions(
    {
      sql: format.scan(file, own, rows),
      fields: new Map(
        fields.map(field => {
          const name = columnName(field);
          const column = own.find(candidate => candidate.name === name) ?? {
            name,
            type: 'VARCHAR',
          };
          return [
            field.name,
            {
              field,
              raw: ident(name),
              text: format.text(column),
              read: scope => format.read(scope, column, field.type),
            },
          ];
        }),
      ),
    },
    columns,
    fields,
  );
}

/** Rows with the columns that the names of folders tell, typed by their fields. */
export function withPartitions(
  { sql, fields }: Relation,
  columns: FileColumn[],
  known: Field[],
): Relation {
  const shared = columns.filter(({ partition }) => partition !== undefined);
  if (shared.length === 0) {
    return { sql, fields };
  }
  const values = shared.map(({ name, partition }) => {
    const value = typeof partition === 'string' ? literal(partition) : 'NULL';
    return `CAST(${value} AS VARCHAR) AS ${ident(name)}`;
  });
  const all = new Map(fields);
  for (const { name } of shared) {
    const field = known.find(candidate => columnName(candidate) === name);
    if (field) {
      const text = ident(name);
      const read = (scope: Scope) => readText(scope, text, field.type);
      all.set(field.name, { field, text, read });
    }
  }
  return { sql: `(SELECT *, ${values.join(', ')} FROM ${sql})`, fields: all };
}

function readText(scope: Scope, text: string, type: FieldType): string {
  switch (type.kind) {
    case 'string':
      return text;
    case 'bytes':
    case 'json':
    case 'array':
    case 'object':
      throw new UnsupportedError(
        `The name of a folder cannot tell a value of ${type.kind}`,
      );
    default:
      return emitCast(scope, text, { kind: 'string' }, type);
  }
}

/** The columns that the folders of a file tell. */
export function partitionColumns(path: string): FileColumn[] {
  return partitionsOf(path).map(({ name, text }) => ({
    name,
    type: 'VARCHAR',
    partition: text,
  }));
}

/**
 * The columns to read a file with, those of its folders included. Lines of JSON
 * may leave keys out, so there the contract's fields are read, found or not.
 *
 * @param path - relative, as manifests write it
 */
export async function columnsToRead(
  format: Format,
  query: Query,
  file: string,
  path: string,
  fields: Field[],
): Promise<FileColumn[]> {
  const own = format.keys ? [] : await format.columns(query, file);
  return columnsAmong(format, [...own, ...partitionColumns(path)], fields);
}

/**
 * As {@link columnsToRead}, where it is known what the file has.
 *
 * @param found - the columns in the file and those of its folders
 */
export function columnsAmong(
  format: Format,
  found: FileColumn[],
  fields: Field[],
): FileColumn[] {
  if (!format.keys) {
    return found;
  }
  const shared = found.filter(({ partition }) => partition !== undefined);
  const names = new Set(shared.map(({ name }) => name));
  const own = fields
    .map(field => ({ name: columnName(field), type: 'JSON' }))
    .filter(({ name }) => !names.has(name));
  return [...own, ...shared];
}

/**
 * How the columns of a file differ from the fields of its contract, as
 * sentences. Order does not matter.
 */
export function columnProblems(
  formatName: FormatName,
  columns: FileColumn[],
  fields: Field[],
): string[] {
  const names = new Set(fields.map(columnName));
  const strange = columns.filter(({ name }) => !names.has(name));
  const problems = strange.map(
    ({ name }) => `has the column '${name}', which the contract does not know`,
  );
  problems.push(...toldTwice(columns));
  for (const field of fields) {
    const name = columnName(field);
    const column = columns.find(candidate => candidate.name === name);
    if (!column) {
      if (formatName !== 'ndjson') {
        problems.push(`lacks the column '${name}' of the contract`);
      }
      continue;
    }
    const typed = formatName === 'parquet' && column.partition === undefined;
    if (typed && !readableAs(typeOfColumn(column.type), field.type)) {
      problems.push(
        `has the column '${name}' as ${
          column.type
        }, where the contract says ${formatFieldType(field.type)}`,
      );
    }
  }
  return problems;
}

/** What a folder says and the file says too, maybe something else. */
export function toldTwice(columns: FileColumn[]): string[] {
  const fold = ({ name }: FileColumn) => name.toLocaleLowerCase('en-US');
  const shared = columns.filter(({ partition }) => partition !== undefined);
  return shared
    .filter(one =>
      columns.some(other => other !== one && fold(other) === fold(one)),
    )
    .map(
      ({ name }) =>
        `has the column '${name}' in its folders' names twice or in the file as well`,
    );
}
