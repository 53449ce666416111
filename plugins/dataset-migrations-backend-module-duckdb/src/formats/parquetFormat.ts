import { duckType, typeOfColumn } from '../sql/duckTypes';
import { ident, literal, pathLiteral } from '../sql/quote';
import { sameType } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { ChunkPlan } from '../publishing/RunJournal';
import { Query } from '../process/Session';
import { Format, ROW } from './Format';

/** Codecs that DuckDB can write; a part is packed as its source was. */
const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI', 'LZ4_RAW'];

const read = (file: string) =>
  `read_parquet(${pathLiteral(
    file,
  )}, file_row_number = true, hive_partitioning = false)`;

/**
 * Parquet: typed columns, rows that can be read by their number, row groups
 * that are skipped without being unpacked.
 */
export const parquetFormat: Format = {
  typed: true,
  extension: '.parquet',

  async columns(query, file) {
    const rows = await query(
      `DESCRIBE SELECT * EXCLUDE (file_row_number) FROM ${read(file)}`,
    );
    return rows.map(row => ({
      name: String(row.column_name),
      type: String(row.column_type),
    }));
  },

  scan(file, _columns, rows) {
    const first = rows?.from ?? 0;
    const where = rows
      ? ` WHERE file_row_number >= ${rows.from} AND file_row_number < ${rows.to}`
      : '';
    return `(SELECT *, file_row_number - ${first} AS ${ident(ROW)} FROM ${read(
      file,
    )}${where})`;
  },

  read(_scope, column, type) {
    const found = typeOfColumn(column.type);
    const native = ident(column.name);
    if (
      type.kind === 'string' ||
      type.kind === 'array' ||
      type.kind === 'object'
    ) {
      return native;
    }
    return found &&
      sameType(found, type) &&
      !column.type.startsWith('TIMESTAMP_')
      ? native
      : `CAST(${native} AS ${duckType(type)})`;
  },

  text: ({ name }) => `CAST(${ident(name)} AS VARCHAR)`,

  write: sql => sql,

  async cut(query, files, chunkRows) {
    const chunks: ChunkPlan[] = [];
    let rowsTotal = 0;
    for (const [file, path] of files.entries()) {
      const groups = await rowGroups(query, path);
      rowsTotal += groups.reduce((sum, rows) => sum + rows, 0);
      for (const rows of cutRowGroups(groups, chunkRows)) {
        chunks.push({ file, rows });
      }
    }
    return { chunks, rowsTotal };
  },

  async copyOptions(query, file) {
    const [first] = await query(
      `SELECT compression FROM parquet_metadata(${pathLiteral(file)}) LIMIT 1`,
    );
    const codec = CODECS.includes(String(first?.compression))
      ? String(first.compression)
      : 'SNAPPY';
    return `FORMAT parquet, COMPRESSION ${literal(codec)}`;
  },
};

async function rowGroups(query: Query, file: string): Promise<number[]> {
  const rows = await query(
    `SELECT DISTINCT row_group_id AS id, row_group_num_rows AS num_rows FROM parquet_metadata(${pathLiteral(
      file,
    )}) ORDER BY id`,
  );
  return rows.map(row => Number(row.num_rows));
}

/**
 * Ranges of rows that begin where row groups begin, as long as these are not
 * longer than a chunk, so that no group is unpacked for two chunks. A file
 * without rows is one empty range: its columns must arrive too.
 */
export function cutRowGroups(
  groups: number[],
  chunkRows: number,
): Array<{ from: number; to: number }> {
  const ranges: Array<{ from: number; to: number }> = [];
  let from = 0;
  let to = 0;
  const close = () => {
    ranges.push({ from, to });
    from = to;
  };
  for (const rows of groups) {
    if (to > from && to + rows - from > chunkRows) {
      close();
    }
    const end = to + rows;
    while (end - from > chunkRows) {
      to = from + chunkRows;
      close();
    }
    to = end;
  }
  if (to > from || ranges.length === 0) {
    close();
  }
  return ranges;
}
