import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { Scope } from '../sql/Scope';

/** A field as it can be read from a row source. */
export interface RelationField {
  field: Field;
  /**
   * SQL of the value exactly as the file has it. Absent where the rows are not
   * from a file of the dataset.
   */
  raw?: string;
  /** SQL of that value as people read it. */
  text?: string;
  /** SQL of the value in the type of the field; fails where it does not fit. */
  read(scope: Scope): string;
}

/** Rows in a fixed order, with their position in the column ROW. */
export interface Relation {
  /** What can stand after FROM. */
  sql: string;
  fields: Map<string, RelationField>;
}

/** The relation with values in place of the bytes that a file has for them. */
export function withoutRaw(relation: Relation): Relation {
  return {
    sql: relation.sql,
    fields: new Map(
      [...relation.fields].map(([name, { field, read }]) => [
        name,
        { field, read },
      ]),
    ),
  };
}
