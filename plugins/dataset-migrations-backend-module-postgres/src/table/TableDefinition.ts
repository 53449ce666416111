/** A table as the catalog of PostgreSQL describes it. */
export interface TableDefinition {
  oid: number;
  schema: string;
  table: string;
  owner: string;
  /** `relkind`: `r` is an ordinary table, `p` a partitioned one. */
  kind: string;
  /** `relpersistence`: `p` permanent, `u` unlogged. */
  persistence: string;
  accessMethod: string;
  /** Estimate of `ANALYZE`; undefined before the first. */
  rows?: number;
  /** Blocks of the heap, exactly. Like rows and bytes, those of all partitions. */
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
  /** How it is partitioned; absent for a table that is not. */
  partitioning?: Partitioning;
  /** The table of which it is a partition. */
  partitionOf?: { schema: string; table: string };
}

export interface Partitioning {
  /** `pg_get_partkeydef`: `RANGE (day)`. */
  key: string;
  /** All tables below it, each after the one that it is a partition of. */
  partitions: Partition[];
}

/** A partition, which may be partitioned again. */
export interface Partition {
  oid: number;
  schema: string;
  table: string;
  parent: { schema: string; table: string };
  /** `relkind`: `r`, `p` or `f`, a foreign table. */
  kind: string;
  owner: string;
  /** `FOR VALUES ...` or `DEFAULT`. */
  bound: string;
  /** Whether `DETACH PARTITION ... CONCURRENTLY` has begun. */
  detaching: boolean;
  /** Exactly; none for one that is partitioned again. */
  blocks: number;
  bytes: number;
  /** Estimate of `ANALYZE`; undefined before the first. */
  rows?: number;
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
  /** Quoted collation, where it is not that of the type. */
  collation?: string;
  /** `attoptions`, such as `n_distinct=100`. */
  options: string[];
  /** Numbers of the columns from which a generated one is computed. */
  computedFrom: number[];
  /**
   * Whether the table or one of its partitions is partitioned by it, as it is or
   * in an expression.
   */
  partitions?: 'plainly' | 'in an expression';
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
  /** Of a constraint that more than equality decides on, so not made by itself. */
  exclusion: boolean;
  /** Whether it tells replicas which row is meant. */
  replicaIdentity: boolean;
  tablespace?: string;
  /** Name of the index of the partitioned table that it is a part of. */
  partOf?: string;
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
  comment?: string;
}
