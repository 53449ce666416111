import { InputError } from '@backstage/errors';
import { Field } from '../contracts/types';
import { quoteValue } from '../documents/problems';
import { parseSql } from './parser/sqlParser';
import { Translator } from './parser/translate';
import { Expression } from './types';

/**
 * Parses one SQL expression over the given fields and types it. PostgreSQL's
 * own parser reads it; what then is not on the allow-list of constructs,
 * functions, operators and types is refused. Conversions that SQL makes
 * silently (integer to decimal, a text literal to a date) are casts in the tree.
 *
 * @throws InputError naming the construct, field, function or type that is not allowed
 * @public
 */
export function parseExpression(text: string, fields: Field[]): Expression {
  const byName = new Map(fields.map(field => [field.name, field]));
  try {
    return new Translator(byName).translate(parseSql(text));
  } catch (error) {
    if (error instanceof InputError) {
      throw new InputError(`expression ${quoteValue(text)}: ${error.message}`);
    }
    throw error;
  }
}
