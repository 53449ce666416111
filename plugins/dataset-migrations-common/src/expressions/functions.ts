import { InputError } from '@backstage/errors';
import { formatFieldType } from '../contracts/formatFieldType';
import { FieldType } from '../contracts/types';
import { castRule } from './castRule';
import { coerce, isNumeric, isUntyped, unify, unifyKinds } from './coercion';
import { TEXT } from './literals';
import { coerceUntyped } from './operators';
import { Expression } from './types';

/**
 * A function that expressions may call.
 *
 * @public
 */
export interface ExpressionFunction {
  /** Its name in the tree. */
  name: string;
  /** How SQL spells it, the name itself included. */
  spellings: readonly string[];
  /** For people: arguments and result. */
  signature: string;
  /** What it computes, and what is special about it. */
  description: string;
  /** When the result is NULL: some argument is, all are, never, possibly anyhow. */
  nullable: 'any' | 'all' | 'never' | 'always';
  /**
   * Checks the arguments, brings them to the types they need, types the result.
   * @throws InputError naming the argument
   */
  resolve(args: Expression[]): { args: Expression[]; type: FieldType };
}

const INTEGER: FieldType = { kind: 'integer', bits: 32 };

/** What `extract` yields: all its fields are whole numbers. */
const EXTRACTED: FieldType = { kind: 'decimal', precision: 10, scale: 0 };

type Checker = (argument: Expression, name: string) => Expression;

const ofKind =
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

const anyText = ofKind(TEXT);

/** A number written out, as the engines differ on negative and computed ones. */
const wholeNumber =
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

const nonEmptyText: Checker = (argument, name) => {
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

const oneOf =
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

const numeric: Checker = (argument, name) => {
  if (!isNumeric(argument.type)) {
    throw new InputError(
      `${name} needs a number, got ${formatFieldType(argument.type)}; cast it`,
    );
  }
  return argument;
};

/** For functions that leave integers as they are. */
const fractional: Checker = (argument, name) => {
  if (argument.type.kind !== 'decimal' && argument.type.kind !== 'float') {
    throw new InputError(
      `${name} needs a decimal or a float, got ${formatFieldType(
        argument.type,
      )}`,
    );
  }
  return argument;
};

const dateOrTimestamp: Checker = (argument, name) => {
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
const MAX_COUNT = 10_000;

function checked(
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

type Declaration = Omit<
  ExpressionFunction,
  'name' | 'spellings' | 'nullable'
> & {
  spellings?: readonly string[];
  nullable?: ExpressionFunction['nullable'];
};

function declare(name: string, rest: Declaration): ExpressionFunction {
  return { name, spellings: [name], nullable: 'any', ...rest };
}

const textFunction =
  (name: string, checkers: Checker[], type: FieldType = TEXT) =>
  (args: Expression[]) => ({ args: checked(name, args, checkers), type });

const SPACE: Expression = { op: 'literal', value: ' ', type: TEXT };

function trimFunction(
  name: string,
  spellings: readonly string[],
  where: string,
): ExpressionFunction {
  return declare(name, {
    spellings,
    signature: `${name}(text [, characters]) → text`,
    description: `Removes any of the characters from ${where}. Always has both arguments in the tree; a blank by default.`,
    resolve: args => ({
      args: checked(name, args.length === 1 ? [args[0], SPACE] : args, [
        anyText,
        nonEmptyText,
      ]),
      type: TEXT,
    }),
  });
}

function padFunction(name: string, where: string): ExpressionFunction {
  return declare(name, {
    signature: `${name}(text, length [, fill]) → text`,
    description: `Fills up ${where} to the length; cuts at the right what is longer. Always has three arguments in the tree; filled with blanks by default.`,
    resolve: args => ({
      args: checked(name, args.length === 2 ? [...args, SPACE] : args, [
        anyText,
        wholeNumber(0, MAX_COUNT),
        nonEmptyText,
      ]),
      type: TEXT,
    }),
  });
}

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

/**
 * Everything that an expression may call: what PostgreSQL and DuckDB compute
 * alike, or can be made to.
 *
 * @public
 */
export const expressionFunctions: readonly ExpressionFunction[] = [
  declare('lower', {
    signature: 'lower(text) → text',
    description: 'Character by character, independent of a locale.',
    resolve: textFunction('lower', [anyText]),
  }),
  declare('upper', {
    signature: 'upper(text) → text',
    description:
      'Character by character, independent of a locale; characters whose capital is more than one character stay.',
    resolve: textFunction('upper', [anyText]),
  }),
  trimFunction('trim', ['trim', 'btrim'], 'both ends'),
  trimFunction('ltrim', ['ltrim'], 'the start'),
  trimFunction('rtrim', ['rtrim'], 'the end'),
  declare('length', {
    spellings: ['length', 'char_length', 'character_length'],
    signature: 'length(text) → integer',
    description: 'Number of characters (Unicode code points).',
    resolve: textFunction('length', [anyText], INTEGER),
  }),
  declare('substring', {
    spellings: ['substring', 'substr'],
    signature: 'substring(text, start [, count]) → text',
    description:
      'From a position, counted from 1. Start and count are written out.',
    resolve: args => ({
      args: checked(
        'substring',
        args,
        [anyText, wholeNumber(1, MAX_COUNT), wholeNumber(0, MAX_COUNT)],
        1,
      ),
      type: TEXT,
    }),
  }),
  declare('left', {
    signature: 'left(text, count) → text',
    description: 'The first characters.',
    resolve: textFunction('left', [anyText, wholeNumber(0, MAX_COUNT)]),
  }),
  declare('right', {
    signature: 'right(text, count) → text',
    description: 'The last characters.',
    resolve: textFunction('right', [anyText, wholeNumber(0, MAX_COUNT)]),
  }),
  declare('replace', {
    signature: 'replace(text, from, to) → text',
    description: 'Every occurrence of a text that is written out.',
    resolve: textFunction('replace', [anyText, nonEmptyText, anyText]),
  }),
  declare('split_part', {
    signature: 'split_part(text, delimiter, n) → text',
    description:
      'The n-th part, counted from 1; an empty text where there is none.',
    resolve: textFunction('split_part', [
      anyText,
      nonEmptyText,
      wholeNumber(1, MAX_COUNT),
    ]),
  }),
  padFunction('lpad', 'at the left'),
  padFunction('rpad', 'at the right'),
  declare('concat', {
    signature: 'concat(text, ...) → text',
    description: 'Joins texts; NULL counts as an empty text.',
    nullable: 'never',
    resolve: args => ({
      args: checked(
        'concat',
        args,
        Array.from({ length: Math.max(args.length, 1) }, () => anyText),
      ),
      type: TEXT,
    }),
  }),
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

const bySpelling = new Map(
  expressionFunctions.flatMap(entry =>
    entry.spellings.map(spelling => [spelling, entry] as const),
  ),
);

/** The function of that name, as SQL or as the tree spells it. */
export function findFunction(name: string): ExpressionFunction | undefined {
  return bySpelling.get(name);
}

/**
 * A call with its arguments checked and its result typed.
 *
 * @throws InputError naming the function or the argument
 */
export function call(name: string, args: Expression[]): Expression {
  const entry = findFunction(name);
  if (!entry) {
    throw new InputError(
      `function ${name} is not allowed; allowed are ${expressionFunctions
        .map(item => item.name)
        .join(', ')}`,
    );
  }
  const resolved = entry.resolve(args);
  return { op: 'call', function: entry.name, ...resolved };
}
