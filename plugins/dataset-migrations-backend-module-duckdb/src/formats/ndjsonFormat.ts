import { FieldType } from '@skein/backstage-plugin-dataset-migrations-common';
import { packedAs } from '../places/fileFormats';
import { Query } from '../process/Session';
import { emitCast } from '../sql/emitCast';
import { ident, literal, pathLiteral } from '../sql/quote';
import { UnsupportedError } from '../sql/UnsupportedError';
import { FileColumn, Format, ROW } from './Format';

/**
 * One JSON object a line. Values are kept as JSON until their contract says
 * what they are; a key that is missing is NULL. A file is one chunk.
 */
export const ndjsonFormat: Format = {
  typed: false,
  extension: '.ndjson',

  /** From the first lines; `keys` reads them all. */
  async columns(query, file) {
    const names = await namesIn(
      query,
      `(SELECT json FROM read_ndjson_objects(${pathLiteral(file)}) LIMIT 1000)`,
    );
    return names.map(name => ({ name, type: 'JSON' }));
  },

  scan: (file, columns) =>
    `(SELECT *, row_number() OVER () - 1 AS ${ident(
      ROW,
    )} FROM read_json(${pathLiteral(
      file,
    )}, format = 'newline_delimited', hive_partitioning = false, columns = ${columnTypes(
      columns,
    )}))`,

  read(scope, column, type) {
    const json = ident(column.name);
    const text = `(${json} ->> '$')`;
    switch (type.kind) {
      case 'string':
        return text;
      case 'json':
      case 'array':
      case 'object':
        return json;
      case 'bytes':
        throw new UnsupportedError(
          'A column of bytes in an NDJSON file can be kept or renamed, not computed with',
        );
      default:
        return emitCast(scope, text, { kind: 'string' }, type);
    }
  },

  text: ({ name }) => `(${ident(name)} ->> '$')`,

  write: writeJson,

  async cut(_query, files) {
    return { chunks: files.map((_, file) => ({ file })) };
  },

  async copyOptions(_query, file) {
    return `FORMAT json, COMPRESSION ${packedAs(file)}`;
  },

  async keys(query, file) {
    return namesIn(query, `read_ndjson_objects(${pathLiteral(file)})`);
  },
};

async function namesIn(query: Query, lines: string): Promise<string[]> {
  const rows = await query(
    `SELECT DISTINCT unnest(json_keys(json)) AS name FROM ${lines} ORDER BY name`,
  );
  return rows.map(row => String(row.name));
}

function writeJson(sql: string, type: FieldType): string {
  switch (type.kind) {
    case 'json':
    case 'array':
    case 'object':
      return sql;
    case 'float':
      // JSON has no word for what is not finite, and no single precision.
      return `CASE WHEN isfinite(${sql}) THEN CAST(CAST(${sql} AS VARCHAR) AS JSON) ELSE to_json(CAST(${sql} AS VARCHAR)) END`;
    case 'timestamp':
      return type.zone
        ? `to_json(replace(replace(CAST(${sql} AS VARCHAR), ' ', 'T'), '+00', 'Z'))`
        : `to_json(replace(CAST(${sql} AS VARCHAR), ' ', 'T'))`;
    default:
      return `to_json(${sql})`;
  }
}

function columnTypes(columns: FileColumn[]): string {
  return `{${columns
    .map(({ name }) => `${literal(name)}: 'JSON'`)
    .join(', ')}}`;
}
