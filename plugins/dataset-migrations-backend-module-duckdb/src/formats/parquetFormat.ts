import { duckType, typeOfColumn } from '../sql/duckTypes';
import { ident, literal, pathLiteral } from '../sql/quote';
import { sameType } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { ChunkPlan } from '../publishing/RunJournal';
import { ResultRow } from '../process/DuckDbProcess';
import { Query } from '../process/Session';
import { FileColumn, Format, ROW } from './Format';

/** Codecs that DuckDB can write; a part is packed as its source was. */
const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI', 'LZ4_RAW'];

/**
 * Row groups of a part are as long as those of its source, within what DuckDB,
 * which holds one for each thread, can hold in memory, and what is worth its
 * statistics. Bytes are those of the source, unpacked.
 */
const MIN_GROUP_ROWS = 2_048;
const MAX_GROUP_ROWS = 500_000;
const MAX_GROUP_BYTES = 16e6;

/** Files whose row groups are asked for in one statement. */
const FILES_AT_ONCE = 100;

/** How far from an even cut a row group may begin, as a share of a chunk. */
const NEAR = 0.1;

const read = (file: string) =>
  `read_parquet(${pathLiteral(
    file,
  )}, file_row_number = true, hive_partitioning = false)`;

/** Statement that gives the columns in a file, in their order. */
const describe = (file: string) =>
  `DESCRIBE SELECT * EXCLUDE (file_row_number) FROM ${read(file)}`;

const toColumn = (row: ResultRow): FileColumn => ({
  name: String(row.column_name),
  type: String(row.column_type),
});

/**
 * Parquet: typed columns, rows that can be read by their number, row groups
 * that are skipped without being unpacked.
 */
export const parquetFormat: Format = {
  typed: true,
  extension: '.parquet',

  async columns(query, file) {
    return (await query(describe(file))).map(toColumn);
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

  async cut(query, files, options) {
    const chunks: ChunkPlan[] = [];
    let rowsTotal = 0;
    const { groups: found, columns } = await rowGroups(query, files, options);
    for (const [file, path] of files.entries()) {
      const groups = found.get(path)!;
      rowsTotal += groups.reduce((sum, rows) => sum + rows, 0);
      for (const rows of cutRowGroups(groups, options)) {
        chunks.push({ file, rows });
      }
    }
    return { chunks, rowsTotal, ...(options.columns && { columns }) };
  },

  async copyOptions(query, file) {
    const [found] = await query(
      `SELECT first(compression) AS compression, max(rows) AS rows, max(bytes / rows) AS width FROM (SELECT row_group_id, any_value(compression) AS compression, any_value(row_group_num_rows) AS rows, sum(total_uncompressed_size) AS bytes FROM parquet_metadata(${pathLiteral(
        file,
      )}) GROUP BY row_group_id)`,
    );
    const codec = CODECS.includes(String(found.compression))
      ? String(found.compression)
      : 'SNAPPY';
    const rows = Math.max(
      Math.min(
        Number(found.rows ?? 0),
        MAX_GROUP_ROWS,
        Math.floor(MAX_GROUP_BYTES / Math.max(1, Number(found.width ?? 1))),
      ),
      MIN_GROUP_ROWS,
    );
    return `FORMAT parquet, COMPRESSION ${literal(
      codec,
    )}, ROW_GROUP_SIZE ${rows}`;
  },
};

/** The rows of each row group, by file, and the columns in the first file if asked for. */
async function rowGroups(
  query: Query,
  files: string[],
  options: { columns?: boolean },
): Promise<{ groups: Map<string, number[]>; columns: FileColumn[] }> {
  const groups = new Map<string, number[]>(files.map(file => [file, []]));
  const columns: FileColumn[] = [];
  for (let at = 0; at < files.length; at += FILES_AT_ONCE) {
    const paths = files.slice(at, at + FILES_AT_ONCE).map(pathLiteral);
    // There is a row for each column of a group, of which the first tells as much.
    const ofGroups = `SELECT file_name, row_group_id AS id, row_group_num_rows AS num_rows FROM parquet_metadata([${paths.join(
      ', ',
    )}]) WHERE column_id = 0`;
    const rows = await query(
      options.columns && at === 0
        ? `${ofGroups} UNION ALL BY NAME SELECT column_name, column_type FROM (${describe(
            files[0],
          )})`
        : ofGroups,
    );
    columns.push(...rows.filter(isColumn).map(toColumn));
    for (const row of rows
      .filter(one => !isColumn(one))
      .sort((a, b) => Number(a.id) - Number(b.id))) {
      const known = groups.get(String(row.file_name));
      if (!known) {
        // Else its rows would be left out.
        throw new Error(`DuckDB gives a file another name: ${row.file_name}`);
      }
      known.push(Number(row.num_rows));
    }
  }
  return { groups, columns };
}

function isColumn({ column_name: name }: ResultRow): boolean {
  return name !== undefined && name !== null;
}

/**
 * Cuts the rows of a file evenly, so that chunks which are worked on side by side
 * end together. A cut that falls near the beginning of a row group moves there:
 * that group is not unpacked for two chunks. A file without rows is one empty
 * range, as its columns must arrive too.
 *
 * @param groups - rows of each row group
 */
export function cutRowGroups(
  groups: number[],
  { chunkRows, lanes }: { chunkRows: number; lanes: number },
): Array<{ from: number; to: number }> {
  const total = groups.reduce((sum, rows) => sum + rows, 0);
  const least = Math.max(1, Math.ceil(total / chunkRows));
  const count = least === 1 ? 1 : Math.ceil(least / lanes) * lanes;
  const size = total / count;
  let end = 0;
  const starts = groups.map(rows => (end += rows));
  const cuts = [0];
  for (let index = 1; index < count; index++) {
    const ideal = Math.round(index * size);
    const near = starts.find(start => Math.abs(start - ideal) <= size * NEAR);
    const cut = near ?? ideal;
    if (cut > cuts[cuts.length - 1] && cut < total) {
      cuts.push(cut);
    }
  }
  return cuts.map((from, index) => ({ from, to: cuts[index + 1] ?? total }));
}
