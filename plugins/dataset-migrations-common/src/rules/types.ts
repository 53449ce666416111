import { Expression } from '../expressions/types';

/**
 * The number that a rule speaks of, computed over all rows of the new version.
 * Expressions are over its fields.
 *
 * @public
 */
export type RuleMeasure =
  /** Rows for which the condition is true; all rows without one. */
  | { kind: 'rows'; where?: Expression }
  /**
   * Rows whose text has no match of the pattern anywhere; NULL is none of them.
   * The pattern is written in what regular expressions of JavaScript, PostgreSQL
   * and RE2 have in common.
   */
  | { kind: 'unmatched'; field: string; pattern: string }
  /** Rows beyond the first of each value; a row with a NULL has no value. */
  | { kind: 'duplicates'; fields: string[] }
  /** NULL, where there is nothing to compute it from. */
  | {
      kind: 'aggregate';
      aggregate: 'count' | 'count-distinct' | 'sum' | 'avg' | 'min' | 'max';
      operand: Expression;
      where?: Expression;
    };

/**
 * What one SELECT over rows computes.
 *
 * @public
 */
export type SelectedMeasure = Exclude<RuleMeasure, { kind: 'duplicates' }>;

/**
 * Where the number must be: between `from` and `to`, both included, or outside.
 *
 * @public
 */
export interface RuleLimit {
  from: number;
  to: number;
  outside?: boolean;
}

/**
 * One thing that a contract promises about the values of its rows, in a form
 * that every engine checks alike.
 *
 * @public
 */
export interface ContractRule {
  /** How reports call it. */
  rule: string;
  field?: string;
  /** Whether the owner wrote the query, so that it is one more of its own. */
  kind: 'field' | 'library' | 'sql';
  measure: RuleMeasure;
  unit: 'rows' | 'percent';
  limit: RuleLimit;
}
