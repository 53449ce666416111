import { FieldType } from '@skein/backstage-plugin-dataset-migrations-common';
import { Query } from '../process/Session';
import { ChunkPlan } from '../publishing/RunJournal';
import { Scope } from '../sql/Scope';

/** A column as a file has it. */
export interface FileColumn {
  name: string;
  /** DuckDB's name of its type. */
  type: string;
  /**
   * The value that all its rows share, where a folder's name tells it and not
   * the file; null for NULL.
   */
  partition?: string | null;
}

/** The column that every scan adds: the position in the slice, from 0. */
export const ROW = '__skein_row';

/** Everything that differs between Parquet, CSV and NDJSON. */
export interface Format {
  /** Whether files say themselves what type a column has. */
  typed: boolean;

  /** Of the parts it writes, with the point. */
  extension: string;

  /** The columns in a file in their order, without reading its rows. */
  columns(query: Query, file: string): Promise<FileColumn[]>;

  /** A row source over a slice of a file: its columns as they are, and {@link ROW}. */
  scan(file: string, columns: FileColumn[], rows?: ChunkPlan['rows']): string;

  /** SQL that reads a column as a type, failing where it does not fit. */
  read(scope: Scope, column: FileColumn, type: FieldType): string;

  /** SQL of a column's value as people read it, whatever it is. */
  text(column: FileColumn): string;

  /** SQL that turns a value of a type into what the format writes. */
  write(sql: string, type: FieldType): string;

  /**
   * Cuts files into chunks.
   *
   * @param options - `chunkRows`: of a chunk, about, a fifth more at most; `lanes`: how many chunks
   *   are worked on at a time; `columns`: whether those in the first file are of use too
   * @returns besides the chunks the columns in the first file, where they are of use and one
   *   statement tells both
   */
  cut(
    query: Query,
    files: string[],
    options: { chunkRows: number; lanes: number; columns?: boolean },
  ): Promise<{
    chunks: ChunkPlan[];
    rowsTotal?: number;
    columns?: FileColumn[];
  }>;

  /** What COPY is told, for a part that comes from that file. */
  copyOptions(query: Query, file: string): Promise<string>;

  /** The names in all rows of a file, where only a scan tells. */
  keys?(query: Query, file: string): Promise<string[]>;
}
