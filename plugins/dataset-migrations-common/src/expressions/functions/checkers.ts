import { InputError } from '@backstage/errors';
import { formatFieldType } from '../../contracts/formatFieldType';
import { FieldType } from '../../contracts/types';
import { isNumeric } from '../coercion';
import { TEXT } from '../literals';
import { coerceUntyped } from '../operators';
import { Expression } from '../types';

export const INTEGER: FieldType = { kind: 'integer', bits: 32 };

/** Checks one argument; the name is for messages. */
export type Checker = (argument: Expression, name: string) => Expression;

/** Of one kind; a bare NULL takes it. */
export const ofKind =
  (type: FieldType): Checker =>
  (argument, name) => {
    const coerced = coerceUntyped(argument, type);
    if (coerced.type.kind !== type.kind) {
      throw new InputError(
        `${name} needs ${formatFieldType(type)}, got ${formatFieldType(
          coerced.type,
        )}; cast it`,
      );
    }
    return coerced;
  };

export const anyText = ofKind(TEXT);

/** A number written out, as the engines differ on negative and computed ones. */
export const wholeNumber =
  (minimum: number, maximum: number): Checker =>
  (argument, name) => {
    const value = argument.op === 'literal' ? Number(argument.value) : NaN;
    if (
      argument.type.kind !== 'integer' ||
      !(value >= minimum && value <= maximum)
    ) {
      throw new InputError(
        `${name} must be a number from ${minimum} to ${maximum} written out`,
      );
    }
    return argument;
  };

export const nonEmptyText: Checker = (argument, name) => {
  if (
    argument.op !== 'literal' ||
    typeof argument.value !== 'string' ||
    argument.type.kind !== 'string' ||
    argument.value === ''
  ) {
    throw new InputError(`${name} must be a text written out, and not empty`);
  }
  return argument;
};

/** One of some words, in any case. */
export const oneOf =
  (values: readonly string[]): Checker =>
  (argument, name) => {
    if (
      argument.op !== 'literal' ||
      !values.includes(String(argument.value).toLocaleLowerCase('en-US'))
    ) {
      throw new InputError(`${name} must be one of ${values.join(', ')}`);
    }
    return {
      ...argument,
      value: String(argument.value).toLocaleLowerCase('en-US'),
    };
  };

export const numeric: Checker = (argument, name) => {
  if (!isNumeric(argument.type)) {
    throw new InputError(
      `${name} needs a number, got ${formatFieldType(argument.type)}; cast it`,
    );
  }
  return argument;
};

/** For functions that leave integers as they are. */
export const fractional: Checker = (argument, name) => {
  if (argument.type.kind !== 'decimal' && argument.type.kind !== 'float') {
    throw new InputError(
      `${name} needs a decimal or a float, got ${formatFieldType(
        argument.type,
      )}`,
    );
  }
  return argument;
};

export const dateOrTimestamp: Checker = (argument, name) => {
  if (argument.type.kind !== 'date' && argument.type.kind !== 'timestamp') {
    throw new InputError(
      `${name} needs a date or timestamp, got ${formatFieldType(
        argument.type,
      )}; cast it`,
    );
  }
  return argument;
};

/** Longest text that `lpad` and its like make, and that they count in. */
export const MAX_COUNT = 10_000;

/** The arguments, each checked by its checker; the last ones may be missing. */
export function checked(
  name: string,
  args: Expression[],
  checkers: Checker[],
  optional: number = 0,
): Expression[] {
  if (
    args.length > checkers.length ||
    args.length < checkers.length - optional
  ) {
    const least = checkers.length - optional;
    throw new InputError(
      `function ${name} takes ${
        optional ? `${least} to ${checkers.length}` : least
      } argument(s), got ${args.length}`,
    );
  }
  return args.map((argument, index) =>
    checkers[index](argument, `argument ${index + 1} of ${name}`),
  );
}
