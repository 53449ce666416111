/** A schema object of a dataset, as SQL calls it. */
export interface DatasetTable {
  datasetRef: string;
  /** Table and, where it is known, schema before it: `['public', 'flights']`. */
  names: string[];
  /**
   * Fields of all versions by column, in lower case; several where versions call
   * different ones so, or names differ in case alone.
   */
  fields: ReadonlyMap<string, readonly string[]>;
  /** Fields inside others, by their path in lower case: `address.city`. */
  nested: ReadonlyMap<string, string>;
  /** Fields of the current version: what `*` stands for. */
  current: readonly string[];
}

/** One place where SQL names a field of a dataset. */
export interface FieldUse {
  datasetRef: string;
  field: string;
  /** From 1. */
  line: number;
  /** Set where it stands in for `*`. */
  star?: true;
}

/** Something that names a dataset and was not understood. */
export interface UnreadPart {
  /** From 1; absent for a file as a whole. */
  line?: number;
  reason: string;
}

/** What was found in one SQL text. */
export interface SqlFieldUses {
  uses: FieldUse[];
  unread: UnreadPart[];
}
