import { FieldType } from '../../contracts/types';
import { roundHalfEven } from '../values/castValue';
import {
  Decimal,
  floorDecimal,
  negateDecimal,
  roundDecimal,
} from '../values/decimal';
import { isDecimal, Value } from '../values/types';
import { inRange } from './evaluateOperator';

const whole = (unscaled: bigint): Decimal => ({ unscaled, scale: 0 });

type Implementation = (args: Value[], type: FieldType) => Value;

export const numberFunctions: Record<string, Implementation> = {
  abs: ([value], type) => {
    if (typeof value === 'number') {
      return Math.abs(value);
    }
    if (isDecimal(value)) {
      return value.unscaled < 0n ? negateDecimal(value) : value;
    }
    const integer = value as bigint;
    return inRange(integer < 0n ? -integer : integer, type);
  },
  round: ([value, digits]) =>
    isDecimal(value)
      ? roundDecimal(value, Number(digits))
      : roundHalfEven(value as number),
  floor: ([value]) =>
    isDecimal(value) ? whole(floorDecimal(value)) : Math.floor(value as number),
  ceil: ([value]) =>
    isDecimal(value)
      ? whole(-floorDecimal(negateDecimal(value)))
      : Math.ceil(value as number),
};
