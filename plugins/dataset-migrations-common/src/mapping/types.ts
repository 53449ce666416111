import { JsonObject } from '@backstage/types';
import { Field, FieldType } from '../contracts/types';
import { Expression } from '../expressions/types';

/**
 * A field of the target with the expression that yields it from the fields of
 * the segment before.
 *
 * @public
 */
export interface ProjectedField {
  field: Field;
  expression: Expression;
}

/**
 * A run of declarative steps fused into one projection, or one imperative
 * agent between two of them.
 *
 * @public
 */
export type MappingSegment =
  | { kind: 'projection'; fields: ProjectedField[] }
  | {
      kind: 'agent';
      agent: string;
      payload: JsonObject;
      output: Field[];
      /** Names of the fields of the output that it fills with other values. */
      changes?: string[];
    };

/**
 * Rows of the source that have no place in the target, because a value of theirs
 * cannot be cast.
 *
 * @public
 */
export interface SetAside {
  /**
   * What people know the value by: the field of the source that it is, or else
   * the field that the step casts.
   */
  field: string;
  /** The value, over the source's fields, and the type that it cannot be cast to. */
  value: Expression;
  type: FieldType;
  /** Boolean, over the source's fields, never NULL: true for rows that stay out. */
  condition: Expression;
}

/**
 * How every row of the source becomes a row of the target. Row for row: a
 * mapping never doubles or merges rows, and drops none. Rows that meet a
 * condition of `setAside` are not mapped: the engine keeps them whole, beside the
 * target, so that each row of the source is in one of the two places. Purely declarative mappings
 * have exactly one segment, a projection; a mapping with imperative agents
 * alternates, begins with a projection and ends with one onto `target`.
 *
 * @public
 */
export interface Mapping {
  source: Field[];
  target: Field[];
  segments: MappingSegment[];
  /** Which rows are set aside; absent where every row is mapped. */
  setAside?: SetAside[];
  /**
   * How what is written to the new version is brought back to the old one: a
   * right inverse, which means that mapping a row of the target back and forth
   * again gives the same values in the fields that come from the source, or that
   * mapping it back fails for that row. It says nothing of old rows: an engine
   * keeps the old value of every field whose target fields still hold what that
   * value maps to, and computes back only what was really changed. Absent where
   * a step cannot be inverted in this sense, and then `irreversible` says why:
   * in sentences, one per step, why what is written to the new version cannot be
   * brought back.
   */
  inverse?: Mapping;
  irreversible?: string[];
}
