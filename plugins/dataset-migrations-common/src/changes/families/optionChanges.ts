import { JsonObject, JsonValue } from '@backstage/types';
import { Field } from '../../contracts/types';
import { changeBy, FieldNames } from '../changeBy';
import { CompatibilityRuleId } from '../rules';
import { Change } from '../types';
import { rangeChanges, RANGE_OPTIONS } from './rangeChanges';
import { describeOption } from './describeOption';

/** Formats that only say how wide a number is. */
const WIDTH = /^[iuf]\d+$/;

/** Matches whatever there is. */
const ANYTHING = new Set(['', '.*', '^.*$', '^.*', '.*$', '(.*)', '^(.*)$']);

/**
 * Differences between the `logicalTypeOptions` of two versions. A promise that
 * is kept or made stronger does not hurt a reader; one that is dropped, made
 * weaker or replaced by one that cannot be compared may.
 */
export function optionChanges(
  from: Field,
  to: Field,
  names: FieldNames,
): Change[] {
  const [before, after] = [promised(from), promised(to)];
  const others = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [
    ...rangeChanges(from, to, names),
    ...[...others]
      .filter(name => textOf(before, name) !== textOf(after, name))
      .map(name => {
        const [old, now] = [valueOf(before, name), valueOf(after, name)];
        return changeBy(optionRule(name, old, now), {
          ...names,
          summary: describeOption(name, old, now),
        });
      }),
  ];
}

/** An option may be called as what every object has: `constructor`. */
function valueOf(options: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(options, name) ? options[name] : undefined;
}

/** The options that promise something and are no ranges or parts of the type. */
function promised({ options = {} }: Field): JsonObject {
  return Object.fromEntries(
    Object.entries(options).filter(
      ([name, value]) =>
        !RANGE_OPTIONS.has(name) &&
        name !== 'timezone' &&
        name !== 'enum' &&
        !(name === 'format' && WIDTH.test(String(value))) &&
        !(name === 'pattern' && ANYTHING.has(String(value))) &&
        !(name === 'uniqueItems' && value === false) &&
        !(name === 'required' && Array.isArray(value) && value.length === 0),
    ),
  );
}

function optionRule(
  name: string,
  from: JsonValue | undefined,
  to: JsonValue | undefined,
): CompatibilityRuleId {
  if (name === 'pattern' || name === 'format') {
    if (from === undefined) {
      return `${name}-added`;
    }
    return to === undefined ? `${name}-removed` : `${name}-changed`;
  }
  return from === undefined || isStronger(name, from, to)
    ? 'option-added'
    : 'option-changed';
}

/** The names in `required` stand in no order. */
function textOf(options: JsonObject, name: string): string | undefined {
  const value = valueOf(options, name);
  return JSON.stringify(
    name === 'required' && Array.isArray(value) ? [...value].sort() : value,
  );
}

/** Whether whatever keeps the new promise keeps the old one. */
function isStronger(
  name: string,
  from: JsonValue,
  to: JsonValue | undefined,
): boolean {
  if (name === 'required' && Array.isArray(from) && Array.isArray(to)) {
    const names = new Set(to);
    return from.every(item => names.has(item));
  }
  return (
    name === 'multipleOf' &&
    typeof from === 'number' &&
    typeof to === 'number' &&
    isWhole(to / from)
  );
}

/** As far as binary fractions can tell: 0.3 is three times 0.1. */
function isWhole(ratio: number): boolean {
  return ratio >= 1 && Math.abs(ratio - Math.round(ratio)) < 1e-9 * ratio;
}
