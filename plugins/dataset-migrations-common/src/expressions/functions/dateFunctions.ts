import { InputError } from '@backstage/errors';
import { FieldType } from '../../contracts/types';
import {
  checked,
  Checker,
  dateOrTimestamp,
  INTEGER,
  ofKind,
  oneOf,
} from './checkers';
import { declare, ExpressionFunction } from './types';

/** What `extract` yields: all its fields are whole numbers. */
const EXTRACTED: FieldType = { kind: 'decimal', precision: 10, scale: 0 };

const DATE_PARTS = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'dow',
  'isodow',
  'doy',
  'isoyear',
] as const;
const TIME_PARTS = ['hour', 'minute'] as const;
const TRUNC_UNITS = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'hour',
  'minute',
  'second',
] as const;

/** Functions of dates and timestamps. */
export const dateFunctions: ExpressionFunction[] = [
  declare('extract', {
    signature: 'extract(part from date or timestamp) → decimal(10,0)',
    description: `Parts: ${DATE_PARTS.join(
      ', ',
    )}; of timestamps also ${TIME_PARTS.join(
      ', ',
    )}. dow is 0 for Sunday, isodow 7. In UTC.`,
    resolve: args => {
      const [, operand] = checked('extract', args, [
        argument => argument,
        dateOrTimestamp,
      ]);
      const parts =
        operand.type.kind === 'date'
          ? DATE_PARTS
          : [...DATE_PARTS, ...TIME_PARTS];
      const part = oneOf(parts)(args[0], 'the part of extract');
      return { args: [part, operand], type: EXTRACTED };
    },
  }),
  declare('date_trunc', {
    signature: 'date_trunc(unit, timestamp) → timestamp',
    description: `Units: ${TRUNC_UNITS.join(
      ', ',
    )}. Weeks begin on Monday. In UTC.`,
    resolve: args => {
      const [unit, operand] = checked('date_trunc', args, [
        oneOf(TRUNC_UNITS),
        ofKind({ kind: 'timestamp', zone: false }),
      ]);
      return { args: [unit, operand], type: operand.type };
    },
  }),
  declare('make_date', {
    signature: 'make_date(year, month, day) → date',
    description:
      'From integers; fails where there is no such day. Years 1 to 9999.',
    resolve: args => {
      const integer: Checker = (argument, name) => {
        const coerced = ofKind(INTEGER)(argument, name);
        if ((coerced.type as { bits: number }).bits === 64) {
          throw new InputError(`${name} needs integer, got bigint; cast it`);
        }
        return coerced;
      };
      return {
        args: checked('make_date', args, [integer, integer, integer]),
        type: { kind: 'date' },
      };
    },
  }),
];
