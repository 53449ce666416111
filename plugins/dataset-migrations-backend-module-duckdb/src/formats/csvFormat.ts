import { FieldType } from '@skein/backstage-plugin-dataset-migrations-common';
import { packedAs } from '../places/fileFormats';
import { emitCast } from '../sql/emitCast';
import { ident, literal, pathLiteral } from '../sql/quote';
import { UnsupportedError } from '../sql/UnsupportedError';
import { Dialect } from './csvDialect';
import { FileColumn, Format, ROW } from './Format';

/**
 * CSV with a header, in one dialect. No type is guessed: every column is text
 * until its contract says what it is; what is not quoted and equal to the
 * dialect's `nullText` is NULL. A file is one chunk, as a line cannot be found
 * in it without reading all before.
 */
export function csvFormat(dialect: Dialect): Format {
  const { delimiter, quote, escape, nullText, decimal } = dialect;
  const signs = `quote ${literal(quote)}, escape ${literal(
    escape,
  )}, nullstr ${literal(nullText)}`;
  const reading = `delim = ${literal(delimiter)}, quote = ${literal(
    quote,
  )}, escape = ${literal(escape)}, header = true, nullstr = ${literal(
    nullText,
  )}, allow_quoted_nulls = false, strict_mode = true, hive_partitioning = false`;
  const hasFraction = ({ kind }: FieldType) =>
    kind === 'decimal' || kind === 'float';

  return {
    typed: false,
    extension: delimiter === '\t' ? '.tsv' : '.csv',

    async columns(query, file) {
      const rows = await query(
        `DESCRIBE SELECT * FROM read_csv(${pathLiteral(
          file,
        )}, ${reading}, skip = 0, all_varchar = true)`,
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
      )}, ${reading}, auto_detect = false, columns = ${columnTypes(columns)}))`,

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
          return emitCast(
            scope,
            decimal === ',' && hasFraction(type)
              ? `translate(${text}, ',.', '.,')`
              : text,
            { kind: 'string' },
            type,
          );
      }
    },

    text: ({ name }) => ident(name),

    write: (sql, type) =>
      decimal === ',' && hasFraction(type)
        ? `replace(CAST(${sql} AS VARCHAR), '.', ',')`
        : sql,

    async cut(_query, files) {
      return { chunks: files.map((_, file) => ({ file })) };
    },

    async copyOptions(_query, file) {
      return `FORMAT csv, HEADER true, DELIMITER ${literal(
        delimiter,
      )}, ${signs}, COMPRESSION ${packedAs(file)}`;
    },
  };
}

function columnTypes(columns: FileColumn[]): string {
  return `{${columns
    .map(({ name }) => `${literal(name)}: 'VARCHAR'`)
    .join(', ')}}`;
}
