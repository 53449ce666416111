/** The two versions between which everything is migrated. */
export type Version = '1.0.0' | '2.0.0';

/** A column, as a property of an ODCS contract. */
export interface Column {
  /** Stays the same when the column is renamed. */
  id: string;
  name: string;
  logicalType: string;
  physicalType: string;
  required?: boolean;
  primaryKey?: boolean;
  primaryKeyPosition?: number;
}

/**
 * Rows to migrate, and what must become of them. SQL in it is understood by
 * PostgreSQL and by DuckDB.
 */
export interface Material {
  /** How many rows each subject has. */
  rows: { readonly table: number; readonly files: number };
  columns: Readonly<Record<Version, readonly Column[]>>;
  /** Steps of the migration document. */
  steps: ReadonlyArray<{ agent: string; payload: object }>;
  /**
   * A query of version 1.0.0.
   *
   * @param series - what stands after FROM: one row for each number, in `i`
   */
  original(series: string): string;
  /**
   * A query of version 2.0.0, written by hand and not by the planner: an
   * independent statement of the same mapping.
   *
   * @param source - what stands after FROM: version 1.0.0
   */
  migrated(source: string): string;
}

export function integer(name: string): Column {
  return {
    id: name,
    name,
    logicalType: 'integer',
    physicalType: 'bigint',
    required: true,
  };
}

export function text(name: string, id = name): Column {
  return { id, name, logicalType: 'string', physicalType: 'text' };
}

export const key: Column = {
  ...integer('id'),
  primaryKey: true,
  primaryKeyPosition: 1,
};
