import {
  Field,
  FieldType,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { ROW } from '../formats/Format';
import { Relation } from '../relations/Relation';
import { emitCast } from '../sql/emitCast';
import { ident, literal, pathLiteral } from '../sql/quote';
import { Scope } from '../sql/Scope';

/** Name of a staged column; those of fields could differ in case only. */
const column = (index: number) => `c${index}`;

/** Rows that agents returned, staged as one JSON object of texts a line. */
export function stagedRelation(file: string, fields: Field[]): Relation {
  const types = fields.map(
    (_, index) => `${literal(column(index))}: 'VARCHAR'`,
  );
  const columns = [`${literal(ROW)}: 'BIGINT'`, ...types].join(', ');
  return {
    sql: `read_json(${pathLiteral(
      file,
    )}, format = 'newline_delimited', columns = {${columns}})`,
    fields: new Map(
      fields.map((field, index) => [
        field.name,
        {
          field,
          read: scope => readText(scope, ident(column(index)), field.type),
        },
      ]),
    ),
  };
}

/** One line of the staging file. */
export function stagedLine(row: number, texts: Array<string | null>): string {
  const values = Object.fromEntries(
    texts.map((text, index) => [column(index), text]),
  );
  return `${JSON.stringify({ [ROW]: row, ...values })}\n`;
}

function readText(scope: Scope, sql: string, type: FieldType): string {
  switch (type.kind) {
    case 'json':
    case 'array':
    case 'object':
      return `CAST(${sql} AS JSON)`;
    default:
      return emitCast(scope, sql, { kind: 'string' }, type);
  }
}
