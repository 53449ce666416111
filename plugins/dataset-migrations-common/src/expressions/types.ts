import { FieldType } from '../contracts/types';

/** @public */
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '||'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'and'
  | 'or';

/** @public */
export type UnaryOperator = 'not' | '-' | 'is null' | 'is not null';

/**
 * What becomes of a value that cannot be cast: it stops the migration, becomes
 * NULL, or has its row set aside.
 *
 * @public
 */
export type CastFailure = 'refuse' | 'null' | 'quarantine';

/**
 * The typed tree that every declarative step yields. Engines emit their own
 * SQL from it; nothing else ever becomes SQL. Every node carries the type of
 * its value. `nullable` is derived, see `isNullable`.
 *
 * @public
 */
export type Expression =
  | { op: 'field'; name: string; type: FieldType }
  /**
   * `value` is a boolean, a string, or null; numbers are decimal strings so
   * that none loses digits. Dates and timestamps are ISO 8601 strings.
   */
  | { op: 'literal'; value: string | boolean | null; type: FieldType }
  /**
   * `onFailure` says what a value becomes that cannot be cast. With `quarantine`
   * the whole row is set aside (see `Mapping.setAside`), and the value, which
   * nobody gets to see, is NULL.
   */
  | {
      op: 'cast';
      operand: Expression;
      type: FieldType;
      onFailure: CastFailure;
    }
  | { op: 'call'; function: string; args: Expression[]; type: FieldType }
  | {
      op: 'binary';
      operator: BinaryOperator;
      left: Expression;
      right: Expression;
      type: FieldType;
    }
  | {
      op: 'unary';
      operator: UnaryOperator;
      operand: Expression;
      type: FieldType;
    }
  | {
      op: 'case';
      branches: Array<{ when: Expression; then: Expression }>;
      otherwise?: Expression;
      type: FieldType;
    };
