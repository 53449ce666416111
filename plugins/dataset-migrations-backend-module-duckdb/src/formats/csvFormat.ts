import { emitCast } from '../sql/emitCast';
import { ident, literal, pathLiteral } from '../sql/quote';
import { UnsupportedError } from '../sql/UnsupportedError';
import { FileColumn, Format, ROW } from './Format';

/**
 * CSV as PostgreSQL reads it: a header, fields in double quotes where needed,
 * nothing for NULL and `""` for an empty text. Nothing is guessed: every column
 * is text until its contract says what it is. A file is one chunk, as a line
 * cannot be found in it without reading all before.
 */
export function csvFormat(delimiter: string): Format {
  const dialect = `delim = ${literal(
    delimiter,
  )}, quote = '"', escape = '"', header = true, nullstr = '', allow_quoted_nulls = false, strict_mode = true, hive_partitioning = false`;

  return {
    typed: false,
    extension: delimiter === '\t' ? '.tsv' : '.csv',

    async columns(query, file) {
      const rows = await query(
        `DESCRIBE SELECT * FROM read_csv(${pathLiteral(
          file,
        )}, ${dialect}, skip = 0, all_varchar = true)`,
      );
      return rows.map(row => ({
        name: String(row.column_name),
        type: 'VARCHAR',
      }));
    },

    scan: (file, columns) =>
      `(SELECT *, row_number() OVER () - 1 AS ${ident(
        ROW,
      )} FROM read_csv(${pathLiteral(
        file,
      )}, ${dialect}, auto_detect = false, columns = ${columnTypes(columns)}))`,

    read(scope, column, type) {
      const text = ident(column.name);
      switch (type.kind) {
        case 'string':
          return text;
        case 'bytes':
        case 'array':
        case 'object':
          throw new UnsupportedError(
            `A column of ${type.kind} in a CSV file can be kept or renamed, not computed with`,
          );
        default:
          return emitCast(scope, text, { kind: 'string' }, type);
      }
    },

    text: ({ name }) => ident(name),

    write: sql => sql,

    async cut(_query, files) {
      return { chunks: files.map((_, file) => ({ file })) };
    },

    async copyOptions() {
      return `FORMAT csv, HEADER true, DELIMITER ${literal(
        delimiter,
      )}, QUOTE '"', ESCAPE '"', NULLSTR ''`;
    },
  };
}

function columnTypes(columns: FileColumn[]): string {
  return `{${columns
    .map(({ name }) => `${literal(name)}: 'VARCHAR'`)
    .join(', ')}}`;
}
