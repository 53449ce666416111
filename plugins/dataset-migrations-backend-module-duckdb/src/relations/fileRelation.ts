import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatFieldType } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { FileColumn, Format } from '../formats/Format';
import { FormatName } from '../places/Place';
import { Query } from '../process/Session';
import { ChunkPlan } from '../publishing/RunJournal';
import { readableAs, typeOfColumn } from '../sql/duckTypes';
import { ident } from '../sql/quote';
import { columnName } from './columnName';
import { Relation } from './Relation';

/** A slice of a file, read as the fields of a contract. */
export function fileRelation(
  format: Format,
  file: string,
  columns: FileColumn[],
  fields: Field[],
  rows?: ChunkPlan['rows'],
): Relation {
  return {
    sql: format.scan(file, columns, rows),
    fields: new Map(
      fields.map(field => {
        const name = columnName(field);
        const column = columns.find(candidate => candidate.name === name) ?? {
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
  };
}

/**
 * The columns to read a file with. Lines of JSON may leave keys out, so there
 * the contract's fields are read, found or not.
 */
export async function columnsToRead(
  format: Format,
  query: Query,
  file: string,
  fields: Field[],
): Promise<FileColumn[]> {
  return format.keys
    ? fields.map(field => ({ name: columnName(field), type: 'JSON' }))
    : format.columns(query, file);
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
  for (const field of fields) {
    const name = columnName(field);
    const column = columns.find(candidate => candidate.name === name);
    if (!column) {
      if (formatName !== 'ndjson') {
        problems.push(`lacks the column '${name}' of the contract`);
      }
      continue;
    }
    const typed = formatName === 'parquet';
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
