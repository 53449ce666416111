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
      .filter(
        name => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
      )
      .map(name =>
        changeBy(optionRule(name, before[name], after[name]), {
          ...names,
          summary: describeOption(name, before[name], after[name]),
        }),
      ),
  ];
}

/** The options that promise something and are no ranges or parts of the type. */
function promised({ options = {} }: Field): JsonObject {
  return Object.fromEntries(
    Object.entries(options).filter(
      ([name, value]) =>
        !RANGE_OPTIONS.has(name) &&
        name !== 'timezone' &&
        !(name === 'format' && WIDTH.test(String(value))) &&
        !(name === 'pattern' && ANYTHING.has(String(value))) &&
        !(name === 'uniqueItems' && value === false),
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
  const isStronger =
    name === 'multipleOf' &&
    typeof from === 'number' &&
    typeof to === 'number' &&
    to % from === 0;
  return from === undefined || isStronger ? 'option-added' : 'option-changed';
}
