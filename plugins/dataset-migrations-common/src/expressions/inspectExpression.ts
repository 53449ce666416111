import { NotImplementedError } from '@backstage/errors';
import { Field } from '../contracts/types';
import { Expression } from './types';

/**
 * Whether the value can be NULL for some row, judged from `required` of the
 * fields. True where that cannot be told.
 *
 * @public
 */
export function isNullable(_expression: Expression, _fields: Field[]): boolean {
  throw new NotImplementedError('isNullable');
}

/**
 * The names of the fields that an expression reads, each once, in the order of
 * their first use.
 *
 * @public
 */
export function exprFields(_expression: Expression): string[] {
  throw new NotImplementedError('exprFields');
}
