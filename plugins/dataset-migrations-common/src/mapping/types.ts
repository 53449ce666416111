import { JsonObject } from '@backstage/types';
import { Field } from '../contracts/types';
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
 * How every row of the source becomes a row of the target. Row for row: a
 * mapping never drops, doubles or merges rows. Purely declarative mappings
 * have exactly one segment, a projection; a mapping with imperative agents
 * alternates, begins with a projection and ends with one onto `target`.
 *
 * @public
 */
export interface Mapping {
  source: Field[];
  target: Field[];
  segments: MappingSegment[];
  /**
   * The mapping back, where every step can be inverted; absent otherwise, and
   * then `irreversible` says why, in a sentence a person understands.
   */
  inverse?: Mapping;
  irreversible?: string[];
}
