import { ColumnChanges } from './ColumnChanges';

/**
 * Something that hangs on a table, and would stay with the old table when
 * another one takes its place: a foreign key, a trigger, a view, ...
 */
export interface Attached {
  /** In words that go into a sentence: `the view public.late`. */
  name: string;
  /** Readers are built on the table; others are of it, or point to it. */
  kind: 'reader' | 'other';
  /**
   * How changes of columns are in its way, wherever they are made, as sentences
   * that say what to do.
   */
  problems(change: ColumnChanges): string[];
  /** What keeps it from being carried over to another table, likewise. */
  obstacles?(change: ColumnChanges): string[];
  /** What keeps both versions from being written beside each other, likewise. */
  beside?(): string[];
  /** What people should know who have it carried over. */
  notes?(change: ColumnChanges): string[];
  statements(places: Places): Partial<Statements>;
}

/** One of the kinds of what hangs on a table. */
export interface AttachedKind<Row = any> {
  /** What there is of it on the table `$1`, an oid, in the order of its making. */
  sql: string;
  attached(row: Row): Attached;
}

/** Names of the table that something hangs on, quoted. */
export interface Places {
  /** The table's own name. */
  live: string;
  /** The new version, before it has that name. */
  shadow: string;
  /** Schema in which the table is while it does not have that name. */
  aside: string;
  /**
   * Ids of all tables that are copied, and switched in the same transaction: the
   * table's own, those of the others, and of all their partitions.
   */
  switched: number[];
}

/** How something is put on a table and taken off again, in this order. */
export interface Statements {
  /** Puts it on the empty shadow. */
  make: string[];
  /** Puts it on the shadow once all rows are in. */
  finish: string[];
  /**
   * Locks what else the switch changes. Taken before the lock of the table, in
   * the order in which readers of both take theirs.
   */
  lock: string[];
  /** Takes it off the table that has the name, under its lock. */
  detach: string[];
  /** Puts it on the table that has the name then, under its lock. */
  attach: string[];
  /** Constraints whose rows are to be checked after the switch. */
  validate: Array<{ table: string; constraint: string }>;
}
