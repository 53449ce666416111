import { JsonObject, JsonValue } from '@backstage/types';
import { isEnumerationOf } from './enumerationRule';
import { limitOf } from './readQuality';
import { Field, OtherQualityRule } from './types';

/** What a rule is, beside its limit and what people and schedulers are told. */
const PARTS = [
  'engine',
  'implementation',
  'metric',
  'rule',
  'arguments',
  'validValues',
  'query',
];

/**
 * The rules under `quality` that are not checked here: for people (`text`), for
 * other tools (`custom`), without a limit, in the words of version 3.0 of the
 * standard, or of fields within fields.
 */
export function readOtherQuality(
  object: JsonObject,
  fields: Field[],
): OtherQualityRule[] {
  const byName = new Map(fields.map(field => [field.name, field]));
  const properties = (object.properties ?? []) as JsonObject[];
  return [
    ...rulesIn(object).filter(isNotChecked).map(asRule),
    ...properties.flatMap(property => {
      const name = String(property.name);
      const own = rulesIn(property)
        .filter(isNotChecked)
        .filter(rule => !isEnumerationOf(rule, byName.get(name)));
      return [
        ...own.map(rule => ({ field: name, ...asRule(rule) })),
        ...rulesInside(property, name),
      ];
    }),
  ];
}

/** Of fields within a field, which no engine checks. */
function rulesInside(property: JsonObject, path: string): OtherQualityRule[] {
  const items = (property.items ?? undefined) as JsonObject | undefined;
  const nested = (property.properties ?? []) as JsonObject[];
  const within = (holder: JsonObject, at: string) => [
    ...rulesIn(holder).map(rule => ({ field: at, ...asRule(rule) })),
    ...rulesInside(holder, at),
  ];
  return [
    ...nested.flatMap(inner => within(inner, `${path}.${inner.name}`)),
    ...(items ? within(items, path) : []),
  ];
}

function rulesIn(holder: JsonObject): JsonObject[] {
  return (holder.quality ?? []) as JsonObject[];
}

function isNotChecked(rule: JsonObject): boolean {
  const isOfAKind = rule.type === 'sql' || typeof rule.metric === 'string';
  return !isOfAKind || limitOf(rule) === undefined;
}

function asRule(rule: JsonObject): OtherQualityRule {
  const limit = limitOf(rule);
  return {
    ...(typeof rule.name === 'string' && { name: rule.name }),
    ...(typeof rule.unit === 'string' && { unit: rule.unit }),
    ...(limit && { limit }),
    content: contentOf(rule),
  };
}

function contentOf(rule: JsonObject): string {
  const parts = PARTS.filter(part => rule[part] !== undefined);
  const content: JsonValue =
    parts.length > 0
      ? Object.fromEntries(parts.map(part => [part, rule[part]]))
      : rule.description ?? '';
  return JSON.stringify(content);
}
