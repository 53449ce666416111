/** A table as the catalog of PostgreSQL describes it. */
export interface TableDefinition {
  oid: number;
  schema: string;
  table: string;
  owner: string;
  /** `relkind`: `r` is an ordinary table. */
  kind: string;
  /** `relpersistence`: `p` permanent, `u` unlogged. */
  persistence: string;
  accessMethod: string;
  /** Estimate of `ANALYZE`; undefined before the first. */
  rows?: number;
  /** Blocks of the heap, exactly. */
  blocks: number;
  bytes: number;
  replicaIdentity: string;
  options: string[];
  toastOptions: string[];
  tablespace?: string;
  comment?: string;
  columns: ColumnDefinition[];
  indexes: IndexDefinition[];
  constraints: ConstraintDefinition[];
}

export interface ColumnDefinition {
  number: number;
  name: string;
  /** As `format_type` prints it. */
  type: string;
  notNull: boolean;
  default?: string;
  /** `attgenerated`, empty for an ordinary column. */
  generated: string;
  /** `attidentity`, empty for an ordinary column. */
  identity: string;
  /** Sequence that goes with the column: of an identity or a serial. */
  sequence?: { schema: string; name: string };
  statisticsTarget?: number;
}

export interface IndexDefinition {
  name: string;
  primary: boolean;
  unique: boolean;
  valid: boolean;
  /** Nothing but columns: no expression, no predicate. */
  plain: boolean;
  /** Numbers of the columns of the key; 0 stands for an expression. */
  columns: number[];
  /** Numbers of all columns that its key, expressions and predicate read. */
  reads: number[];
  /** `pg_get_indexdef` after `ON <table> `: `USING btree (id)`. */
  body: string;
  comment?: string;
  /** Whether `CLUSTER` orders the table by it. */
  clustered: boolean;
}

export interface ConstraintDefinition {
  name: string;
  /** `contype`: p, u, c, f, x, t, n. */
  kind: string;
  columns: number[];
  validated: boolean;
  deferrable: boolean;
  deferred: boolean;
  /** `pg_get_constraintdef`. */
  definition: string;
}
