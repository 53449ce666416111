import { JsonValue } from '@backstage/types';
import { Field } from '../../contracts/types';
import { changeBy, FieldNames } from '../changeBy';
import { CompatibilityRuleId } from '../rules';
import { lengthRule } from '../typeRule';
import { Change } from '../types';
import { describeOption } from './describeOption';

/** One end of a range and the options that say where it is. */
interface End {
  options: readonly string[];
  /** 1 where a higher end leaves fewer values, -1 where it allows more. */
  rising: 1 | -1;
  family: 'range' | 'size';
}

const ends: readonly End[] = [
  { options: ['minimum', 'exclusiveMinimum'], rising: 1, family: 'range' },
  { options: ['maximum', 'exclusiveMaximum'], rising: -1, family: 'range' },
  { options: ['minLength'], rising: 1, family: 'size' },
  { options: ['minItems'], rising: 1, family: 'size' },
  { options: ['maxItems'], rising: -1, family: 'size' },
  { options: ['minProperties'], rising: 1, family: 'size' },
  { options: ['maxProperties'], rising: -1, family: 'size' },
];

/** All options of which {@link rangeChanges} speaks. */
export const RANGE_OPTIONS: ReadonlySet<string> = new Set([
  ...ends.flatMap(({ options }) => options),
  'maxLength',
]);

/** An end; without a value there is none. */
interface Bound {
  value?: JsonValue;
  /** Whether the value itself is outside. */
  exclusive: boolean;
}

/**
 * Which values and sizes are excluded. Ends are compared by the values that they
 * leave: `minimum: 1` and `exclusiveMinimum: 0` of whole numbers are one.
 */
export function rangeChanges(
  from: Field,
  to: Field,
  names: FieldNames,
): Change[] {
  return [
    ...ends.flatMap(end => {
      const rule = endRule(end, from, to);
      return rule
        ? [changeBy(rule, { ...names, summary: describe(end, from, to) })]
        : [];
    }),
    ...maxLengthChanges(from, to, names),
  ];
}

function endRule(
  end: End,
  from: Field,
  to: Field,
): CompatibilityRuleId | undefined {
  const [before, after] = [boundOf(end, from), boundOf(end, to)];
  if (before.value === undefined) {
    return after.value === undefined ? undefined : `${end.family}-tightened`;
  }
  const loosened: CompatibilityRuleId = to.enum?.every(value =>
    isInside(value, before, end),
  )
    ? `${end.family}-tightened`
    : `${end.family}-loosened`;
  if (after.value === undefined) {
    return loosened;
  }
  const difference = compare(before.value, after.value);
  const stricter = Number(after.exclusive) - Number(before.exclusive);
  const tighter =
    difference === 0 ? stricter : (difference ?? NaN) * end.rising;
  if (tighter === 0) {
    return undefined;
  }
  return tighter > 0 ? `${end.family}-tightened` : loosened;
}

/** Whether a listed value, or the length of a listed text, lies within an end. */
function isInside(
  value: JsonValue,
  { value: limit, exclusive }: Bound,
  { options: [option], family, rising }: End,
): boolean {
  const isText = option === 'minLength' && typeof value === 'string';
  const measured = isText ? [...value].length : value;
  const distance =
    family === 'range' || isText
      ? (compare(limit!, measured) ?? NaN) * rising
      : NaN;
  return exclusive ? distance > 0 : distance >= 0;
}

/** The strictest of the options that speak of an end. */
function boundOf({ options, rising }: End, field: Field): Bound {
  return options
    .map(name => boundBy(name, rising, field))
    .reduce((a, b) => {
      if (a.value === undefined || b.value === undefined) {
        return a.value === undefined ? b : a;
      }
      const difference = (compare(a.value, b.value) ?? 0) * rising;
      return difference > 0 || (difference === 0 && b.exclusive) ? b : a;
    });
}

function boundBy(name: string, rising: 1 | -1, field: Field): Bound {
  const value = field.options?.[name];
  if (typeof value !== 'number' && typeof value !== 'string') {
    return { exclusive: false };
  }
  // No text and no list is shorter than nothing.
  if (name !== 'minimum' && name.startsWith('min') && Number(value) <= 0) {
    return { exclusive: false };
  }
  const exclusive = name.startsWith('exclusive');
  return exclusive && field.type.kind === 'integer' && Number.isInteger(value)
    ? { value: Number(value) + rising, exclusive: false }
    : { value, exclusive };
}

/** 1 when the second is greater; ends of dates are texts in ISO order. */
function compare(from: JsonValue, to: JsonValue): number | undefined {
  if (typeof from === 'number' && typeof to === 'number') {
    return Math.sign(to - from);
  }
  if (typeof from === 'string' && typeof to === 'string') {
    return Number(to > from) - Number(to < from);
  }
  return undefined;
}

function describe({ options }: End, from: Field, to: Field): string {
  return options
    .filter(name => from.options?.[name] !== to.options?.[name])
    .map(name => describeOption(name, from.options?.[name], to.options?.[name]))
    .join(' and ');
}

/** Of what is no text in both versions; that of texts is a part of their type. */
function maxLengthChanges(from: Field, to: Field, names: FieldNames): Change[] {
  const [before, after] = [from, to].map(maxLengthOf);
  const areTexts = [from, to].every(({ type }) => type.kind === 'string');
  return before === after || areTexts
    ? []
    : [
        changeBy(lengthRule(before, after), {
          ...names,
          summary: describeOption('maxLength', before, after),
        }),
      ];
}

function maxLengthOf({ options }: Field): number | undefined {
  return typeof options?.maxLength === 'number' ? options.maxLength : undefined;
}
