import { InputError } from '@backstage/errors';
import { FieldType } from '../../contracts/types';
import { Expression } from '../types';
import {
  checked,
  Checker,
  fractional,
  INTEGER,
  numeric,
  wholeNumber,
} from './checkers';
import { declare, ExpressionFunction } from './types';

function sameAsArgument(name: string, check: Checker) {
  return (args: Expression[]) => {
    const [argument] = checked(name, args, [check]);
    return { args: [argument], type: argument.type };
  };
}

/** Rounding a decimal to a scale; 9.9 becomes 10, one digit more. */
function roundedType(type: FieldType, scale: number): FieldType {
  if (type.kind !== 'decimal' || type.precision === undefined) {
    return type;
  }
  const whole = type.precision - (type.scale ?? 0);
  const carry = scale < (type.scale ?? 0) ? 1 : 0;
  return { kind: 'decimal', precision: whole + carry + scale || 1, scale };
}

/** Functions of numbers. */
export const numberFunctions: ExpressionFunction[] = [
  declare('abs', {
    signature: 'abs(number) → number',
    description: 'Without the sign.',
    resolve: sameAsArgument('abs', numeric),
  }),
  declare('round', {
    signature: 'round(decimal [, digits]) → decimal · round(float) → float',
    description:
      'Decimals: to so many digits after the point (0 by default, in the tree always there), halves away from zero. Floats: to a whole number, halves to the even one.',
    resolve: args => {
      const [value, digits] = checked(
        'round',
        args,
        [fractional, wholeNumber(0, 38)],
        1,
      );
      if (value.type.kind === 'float') {
        if (digits) {
          throw new InputError(
            'round takes digits only for decimals; cast to decimal',
          );
        }
        return { args: [value], type: value.type };
      }
      const scale: Expression = digits ?? {
        op: 'literal',
        value: '0',
        type: INTEGER,
      };
      return {
        args: [value, scale],
        type: roundedType(
          value.type,
          Number((scale as { value: string }).value),
        ),
      };
    },
  }),
  ...(['floor', 'ceil'] as const).map(name =>
    declare(name, {
      spellings: name === 'ceil' ? ['ceil', 'ceiling'] : ['floor'],
      signature: `${name}(decimal or float) → the same, whole`,
      description:
        name === 'floor'
          ? 'The greatest whole number not above.'
          : 'The least whole number not below.',
      resolve: args => {
        const [value] = checked(name, args, [fractional]);
        return { args: [value], type: roundedType(value.type, 0) };
      },
    }),
  ),
];
