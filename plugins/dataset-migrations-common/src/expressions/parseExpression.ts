import { NotImplementedError } from '@backstage/errors';
import { Field } from '../contracts/types';
import { Expression } from './types';

/**
 * Loads PostgreSQL's parser (WebAssembly). To be awaited once before the first
 * expression is parsed; calling it again costs nothing.
 *
 * @public
 */
export async function initPlanning(): Promise<void> {
  throw new NotImplementedError('initPlanning');
}

/**
 * Parses one SQL expression over the given fields and types it.
 *
 * @throws InputError naming the construct, field, function or type that is not allowed
 * @public
 */
export function parseExpression(_text: string, _fields: Field[]): Expression {
  throw new NotImplementedError('parseExpression');
}
