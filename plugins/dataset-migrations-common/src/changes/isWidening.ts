import { FieldType } from '../contracts/types';

function wholeDigits(type: Extract<FieldType, { kind: 'decimal' }>): number {
  return type.precision === undefined
    ? Infinity
    : type.precision - (type.scale ?? 0);
}

function scale(type: Extract<FieldType, { kind: 'decimal' }>): number {
  return type.precision === undefined ? Infinity : type.scale ?? 0;
}

/**
 * Whether a type holds every value of another one of the same kind: `bigint`
 * all of `integer`, `varchar(20)` all of `varchar(10)`.
 */
export function isWidening(from: FieldType, to: FieldType): boolean {
  if (from.kind === 'integer' && to.kind === 'integer') {
    return to.bits >= from.bits;
  }
  if (from.kind === 'float' && to.kind === 'float') {
    return to.bits >= from.bits;
  }
  if (from.kind === 'decimal' && to.kind === 'decimal') {
    return wholeDigits(to) >= wholeDigits(from) && scale(to) >= scale(from);
  }
  if (from.kind === 'string' && to.kind === 'string') {
    return (to.maxLength ?? Infinity) >= (from.maxLength ?? Infinity);
  }
  if (from.kind === 'array' && to.kind === 'array') {
    return isWidening(from.items, to.items);
  }
  return false;
}
