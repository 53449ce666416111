import fc from 'fast-check';
import { FieldType } from '../contracts/types';
import { RowValue } from '../expressions/evaluate/evaluateExpression';
import { formatDecimal } from '../expressions/values/decimal';
import {
  formatDate,
  formatTime,
  formatTimestamp,
  DAY,
} from '../expressions/values/calendar';

/** Types without nesting. */
export const arbitraryType: fc.Arbitrary<FieldType> = fc.oneof(
  fc.constantFrom<FieldType>(
    { kind: 'boolean' },
    { kind: 'integer', bits: 16 },
    { kind: 'integer', bits: 32 },
    { kind: 'integer', bits: 64 },
    { kind: 'float', bits: 32 },
    { kind: 'float', bits: 64 },
    { kind: 'decimal' },
    { kind: 'string' },
    { kind: 'date' },
    { kind: 'time' },
    { kind: 'timestamp', zone: false },
    { kind: 'timestamp', zone: true },
    { kind: 'uuid' },
  ),
  fc
    .integer({ min: 1, max: 40 })
    .map((maxLength): FieldType => ({ kind: 'string', maxLength })),
  fc
    .tuple(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 0, max: 25 }))
    .map(
      ([precision, scale]): FieldType => ({
        kind: 'decimal',
        precision,
        scale: Math.min(precision, scale),
      }),
    ),
);

/** Days from 0001-01-01 to 9999-12-31. */
const days = fc.integer({ min: -719_162, max: 2_932_896 });

const micros = fc.bigInt({ min: 0n, max: DAY - 1n });

/** Values that a field of the type can hold, its ends among them. */
export function arbitraryValue(type: FieldType): fc.Arbitrary<RowValue> {
  switch (type.kind) {
    case 'boolean':
      return fc.boolean();
    case 'integer': {
      const limit = 1n << BigInt(type.bits - 1);
      return fc.bigInt({ min: -limit, max: limit - 1n }).map(String);
    }
    case 'decimal': {
      const { precision = 30, scale = 10 } = type;
      const limit = 10n ** BigInt(precision) - 1n;
      return fc
        .bigInt({ min: -limit, max: limit })
        .map(unscaled => formatDecimal({ unscaled, scale }));
    }
    case 'float':
      return (type.bits === 32 ? fc.float() : fc.double()).map(String);
    case 'string':
      return fc
        .string({ unit: 'grapheme' })
        .map(text => [...text].slice(0, type.maxLength).join(''));
    case 'date':
      return days.map(formatDate);
    case 'time':
      return micros.map(formatTime);
    case 'timestamp':
      return fc
        .tuple(days, micros)
        .map(
          ([day, time]) =>
            `${formatTimestamp(BigInt(day) * DAY + time, 'T')}${
              type.zone ? 'Z' : ''
            }`,
        );
    default:
      return fc.uuid();
  }
}
