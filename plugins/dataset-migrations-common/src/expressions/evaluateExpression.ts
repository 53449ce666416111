import { NotImplementedError } from '@backstage/errors';
import { FieldType } from '../contracts/types';
import { Mapping } from '../mapping/types';
import { Expression } from './types';

/**
 * A value as the literals of the tree spell it: booleans as booleans, NULL as
 * null, everything else as text. Numbers are decimal strings, dates
 * `2020-01-31`, times `13:45:00.5`, timestamps `2020-01-31T13:45:00.5`, those
 * with zone in UTC and with a final `Z`, bytes as lower-case hex, json, arrays
 * and objects as JSON text. Reading is lenient: a blank for the `T`, an offset
 * for the `Z`, trailing zeros.
 *
 * @public
 */
export type RowValue = string | boolean | null;

/** @public */
export type Row = Record<string, RowValue>;

/**
 * Computes an expression for one row, with PostgreSQL's semantics, exactly and
 * slowly. Shares no code with any engine: the independent check of a sample of
 * rows, and what the engines' emitters are tested against.
 *
 * @throws InputError where PostgreSQL would raise an error: a cast that fails,
 *   division by zero, a number out of range
 * @public
 */
export function evaluateExpression(
  _expression: Expression,
  _row: Row,
): RowValue {
  throw new NotImplementedError('evaluateExpression');
}

/**
 * Pushes one row through a mapping without imperative agents.
 *
 * @throws InputError as {@link evaluateExpression}, and for a mapping with an
 *   imperative agent
 * @public
 */
export function evaluateMapping(_mapping: Mapping, _row: Row): Row {
  throw new NotImplementedError('evaluateMapping');
}

/**
 * Whether two spellings are the same value of a type: `1.5` and `1.50` are the
 * same decimal.
 *
 * @public
 */
export function sameValue(
  _a: RowValue,
  _b: RowValue,
  _type: FieldType,
): boolean {
  throw new NotImplementedError('sameValue');
}
