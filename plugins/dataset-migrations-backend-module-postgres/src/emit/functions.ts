import { InputError } from '@backstage/errors';
import { Expression } from '@skein/backstage-plugin-dataset-migrations-common';

type Emit = (expression: Expression) => string;
type Emitter = (args: Expression[], emit: Emit) => string;

/** A function that PostgreSQL has under that name, with those arguments. */
const plain =
  (name: string): Emitter =>
  (args, emit) =>
    `${name}(${args.map(emit).join(', ')})`;

/**
 * Case mapping that does not depend on the database's locale. The result is
 * compared as bytes, as all text is.
 */
const mapCase =
  (name: string): Emitter =>
  ([text], emit) =>
    `(${name}(${emit(text)} COLLATE "pg_c_utf8") COLLATE "C")`;

/** The value of a literal argument that the parser has checked. */
function word(argument: Expression, allowed: readonly string[]): string {
  const value = argument.op === 'literal' ? String(argument.value) : '';
  if (!allowed.includes(value)) {
    throw new InputError(`'${value}' is none of ${allowed.join(', ')}`);
  }
  return value;
}

const parts = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'dow',
  'isodow',
  'doy',
  'isoyear',
  'hour',
  'minute',
];

const emitters: Record<string, Emitter> = {
  lower: mapCase('lower'),
  upper: mapCase('upper'),
  trim: plain('btrim'),
  ltrim: plain('ltrim'),
  rtrim: plain('rtrim'),
  length: plain('char_length'),
  substring: plain('substr'),
  left: plain('left'),
  right: plain('right'),
  replace: plain('replace'),
  split_part: plain('split_part'),
  lpad: plain('lpad'),
  rpad: plain('rpad'),
  concat: plain('concat'),
  coalesce: plain('coalesce'),
  nullif: plain('nullif'),
  abs: plain('abs'),
  round: plain('round'),
  floor: plain('floor'),
  ceil: plain('ceil'),
  extract: ([part, operand], emit) =>
    `extract(${word(part, parts)} FROM ${emit(operand)})`,
  date_trunc: plain('date_trunc'),
  make_date: ([year, month, day], emit) => {
    // Year 0 raises, where PostgreSQL would make dates before Christ.
    const y = emit(year);
    const safe = `CASE WHEN ${y} NOT BETWEEN 1 AND 9999 THEN 0 ELSE ${y} END`;
    return `make_date(${safe}, ${emit(month)}, ${emit(day)})`;
  },
};

/** Names of the functions that this engine can compute. */
export const knownFunctions: readonly string[] = Object.keys(emitters);

/** Functions that need the builtin collations of PostgreSQL 17. */
export const functionsOfVersion17: readonly string[] = ['lower', 'upper'];

/** @throws InputError for a function that is not known here */
export function emitCall(name: string, args: Expression[], emit: Emit): string {
  if (!Object.hasOwn(emitters, name)) {
    throw new InputError(`PostgreSQL does not compute the function ${name}`);
  }
  return emitters[name](args, emit);
}
