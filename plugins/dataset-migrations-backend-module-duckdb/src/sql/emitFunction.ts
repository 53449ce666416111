import { Expression } from '@skein/backstage-plugin-dataset-migrations-common';
import { duckType } from './duckTypes';
import { literal } from './quote';
import { Scope } from './Scope';
import { UnsupportedError } from './UnsupportedError';

type Call = Extract<Expression, { op: 'call' }>;

type Emitter = (args: string[], call: Call, scope: Scope) => string;

/** A function that DuckDB computes as the tree means it. */
const same =
  (name: string): Emitter =>
  args =>
    `${name}(${args.join(', ')})`;

/** The value of an argument that is written out. */
function written(call: Call, index: number): string {
  const argument = call.args[index];
  if (argument.op !== 'literal') {
    throw new UnsupportedError(
      `Argument ${index + 1} of ${call.function} must be written out`,
    );
  }
  return String(argument.value);
}

/** A result in the type that the tree gives it. */
const typed =
  (emitter: Emitter): Emitter =>
  (args, call, scope) =>
    `CAST(${emitter(args, call, scope)} AS ${duckType(call.type)})`;

/** DuckDB has a capital for the sharp s; PostgreSQL leaves it as it is. */
const upper: Emitter = ([text], _call, scope) =>
  scope.let(
    text,
    name =>
      `CASE WHEN contains(${name}, 'ß') THEN array_to_string(list_transform(string_split(${name}, 'ß'), lambda part: upper(part)), 'ß') ELSE upper(${name}) END`,
  );

const round: Emitter = (args, call) =>
  call.type.kind === 'float'
    ? `round_even(${args[0]}, 0)`
    : `round(${args[0]}, ${Number(written(call, 1))})`;

const emitters: Record<string, Emitter> = {
  lower: same('lower'),
  upper,
  trim: same('trim'),
  ltrim: same('ltrim'),
  rtrim: same('rtrim'),
  length: typed(same('length')),
  substring: same('substring'),
  left: same('left'),
  right: same('right'),
  replace: same('replace'),
  split_part: same('split_part'),
  lpad: same('lpad'),
  rpad: same('rpad'),
  concat: same('concat'),
  coalesce: same('coalesce'),
  nullif: same('nullif'),
  abs: same('abs'),
  round: typed(round),
  floor: typed(same('floor')),
  ceil: typed(same('ceil')),
  extract: typed(
    ([, operand], call) =>
      `date_part(${literal(written(call, 0))}, ${operand})`,
  ),
  date_trunc: typed(
    ([, operand], call) =>
      `date_trunc(${literal(written(call, 0))}, ${operand})`,
  ),
  make_date: ([year, month, day], _call, scope) =>
    scope.let(
      year,
      name =>
        `CASE WHEN ${name} < 1 OR ${name} > 9999 THEN ${scope.fail(
          'no year of a date',
          'DATE',
        )} ELSE make_date(${name}, ${month}, ${day}) END`,
    ),
};

/** @throws UnsupportedError for a function that is not offered on files */
export function emitFunction(scope: Scope, call: Call, args: string[]): string {
  const emitter = Object.hasOwn(emitters, call.function)
    ? emitters[call.function]
    : undefined;
  if (!emitter) {
    throw new UnsupportedError(
      `The function ${call.function} is not offered on files`,
    );
  }
  return emitter(args, call, scope);
}
