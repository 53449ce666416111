import { JsonObject, JsonValue } from '@backstage/types';
import { Change, ChangeEffect } from './types';

/** Options that are part of the type already; their changes are type changes. */
const PART_OF_TYPE = new Set(['maxLength', 'timezone']);

/** Options whose growth means fewer values. */
const LOWER_BOUNDS = new Set([
  'minimum',
  'exclusiveMinimum',
  'minLength',
  'minItems',
  'minProperties',
]);

/** Options whose growth means more values. */
const UPPER_BOUNDS = new Set([
  'maximum',
  'exclusiveMaximum',
  'maxItems',
  'maxProperties',
]);

/** Formats that only say how wide a number is. */
const WIDTH = /^[iuf]\d+$/;

/**
 * Differences between the `logicalTypeOptions` of two versions. A promise that
 * is kept or made stronger does not hurt a reader; one that is dropped, made
 * weaker or replaced by one that cannot be compared may.
 */
export function optionChanges(
  from: JsonObject,
  to: JsonObject,
): Array<Pick<Change, 'kind' | 'effect' | 'summary'>> {
  const names = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...names]
    .filter(name => !PART_OF_TYPE.has(name))
    .filter(name => JSON.stringify(from[name]) !== JSON.stringify(to[name]))
    .filter(name => !(name === 'format' && bothWidths(from, to)))
    .map(name => ({
      kind: 'options-changed',
      effect: optionEffect(name, from[name], to[name]),
      summary: describe(name, from[name], to[name]),
    }));
}

function bothWidths(from: JsonObject, to: JsonObject): boolean {
  return [from.format, to.format].every(
    format => format === undefined || WIDTH.test(String(format)),
  );
}

function optionEffect(
  name: string,
  from: JsonValue | undefined,
  to: JsonValue | undefined,
): ChangeEffect {
  if (from === undefined) {
    return 'compatible';
  }
  if (to === undefined) {
    return 'breaking';
  }
  const rising = compare(from, to);
  const stronger =
    (LOWER_BOUNDS.has(name) && rising === 1) ||
    (UPPER_BOUNDS.has(name) && rising === -1);
  return stronger ? 'compatible' : 'breaking';
}

/** 1 when the second is greater; bounds of dates are texts in ISO order. */
function compare(from: JsonValue, to: JsonValue): number | undefined {
  if (typeof from === 'number' && typeof to === 'number') {
    return Math.sign(to - from);
  }
  if (typeof from === 'string' && typeof to === 'string') {
    return to > from ? 1 : -1;
  }
  return undefined;
}

function describe(
  name: string,
  from: JsonValue | undefined,
  to: JsonValue | undefined,
): string {
  const show = (value: JsonValue) => JSON.stringify(value);
  if (from === undefined) {
    return `now has ${name} ${show(to!)}`;
  }
  return to === undefined
    ? `no longer has ${name} ${show(from)}`
    : `has ${name} ${show(to)} instead of ${show(from)}`;
}
