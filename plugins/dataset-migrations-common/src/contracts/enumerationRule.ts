import { JsonObject, JsonValue } from '@backstage/types';
import { Field } from './types';

/** The values that a quality rule allows, where it tolerates no others. */
export function enumerationOf(rule: JsonObject): JsonValue[] | undefined {
  const values = rule.arguments as JsonObject | undefined;
  const validValues = values?.validValues ?? rule.validValues;
  const isOfValues =
    rule.metric === 'invalidValues' || rule.rule === 'validValues';
  return isOfValues && Array.isArray(validValues) && allowsNoOther(rule)
    ? validValues
    : undefined;
}

/**
 * Whether a rule is the enumeration of its field and says nothing else, so that
 * it is judged with the field.
 */
export function isEnumerationOf(rule: JsonObject, field?: Field): boolean {
  const values = rule.arguments as JsonObject | undefined;
  return (
    field?.enum !== undefined &&
    field.enum === enumerationOf(rule) &&
    values?.pattern === undefined
  );
}

/** A rule that tolerates some invalid values promises nothing about each. */
function allowsNoOther(rule: JsonObject): boolean {
  const limits = Object.entries(rule).filter(([key]) =>
    key.startsWith('mustBe'),
  );
  return limits.every(
    ([key, limit]) =>
      (key === 'mustBe' && limit === 0) ||
      (key === 'mustBeLessThan' && limit === 1) ||
      (key === 'mustBeLessOrEqualTo' && limit === 0),
  );
}
