import { InputError } from '@backstage/errors';
import { formatFieldType } from '../../contracts/formatFieldType';
import { castRule } from '../castRule';
import { coerce, isUntyped, unify, unifyKinds } from '../coercion';
import { Expression } from '../types';
import { checked } from './checkers';
import { declare, ExpressionFunction } from './types';

/**
 * In PostgreSQL the result has the type of the first operand, whatever it is
 * compared with; so both must be of one type, or the second a literal of it.
 */
function nullifOperands(
  value: Expression,
  other: Expression,
): [Expression, Expression] {
  const [left, right] = unifyKinds(value, other, 'nullif');
  if (isUntyped(value) || left === value) {
    return [left, right];
  }
  const rule = castRule(other.type, value.type);
  const whole = other.type.kind === 'integer';
  if (other.op === 'literal' && whole && rule.possible && rule.exact) {
    return [value, coerce(other, value.type)];
  }
  throw new InputError(
    `nullif cannot mix ${formatFieldType(value.type)} and ${formatFieldType(
      other.type,
    )}; cast one of them`,
  );
}

/** Functions that choose a value of any type. */
export const conditionalFunctions: ExpressionFunction[] = [
  declare('coalesce', {
    signature: 'coalesce(value, ...) → value',
    description: 'The first that is not NULL; all of one type.',
    nullable: 'all',
    resolve: args => {
      if (args.length === 0) {
        throw new InputError('function coalesce needs an argument');
      }
      const { expressions, type } = unify(args, 'coalesce');
      return { args: expressions, type };
    },
  }),
  declare('nullif', {
    signature: 'nullif(value, other) → value',
    description: 'NULL where both are equal, otherwise the value.',
    nullable: 'always',
    resolve: args => {
      checked('nullif', args, [argument => argument, argument => argument]);
      const [value, other] = nullifOperands(args[0], args[1]);
      const { type } = value;
      if (['json', 'array', 'object'].includes(type.kind)) {
        throw new InputError(
          `nullif does not compare ${formatFieldType(type)}`,
        );
      }
      return { args: [value, other], type };
    },
  }),
];
