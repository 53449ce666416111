import { NotImplementedError } from '@backstage/errors';
import { Expression } from './types';

/**
 * An expression as SQL-like text for people. Never given to an engine.
 *
 * @public
 */
export function printExpression(_expression: Expression): string {
  throw new NotImplementedError('printExpression');
}
