import { JsonObject, JsonValue } from '@backstage/types';
import { Field, OtherQualityRule } from './types';

/** What a rule is, beside what people and schedulers are told of it. */
const PARTS = [
  'engine',
  'implementation',
  'metric',
  'rule',
  'arguments',
  'query',
];

/**
 * The rules under `quality` that are not checked here: for people (`text`), for
 * other tools (`custom`), or without a limit.
 */
export function readOtherQuality(
  object: JsonObject,
  fields: Field[],
): OtherQualityRule[] {
  const byName = new Map(fields.map(field => [field.name, field]));
  const properties = (object.properties ?? []) as JsonObject[];
  return [
    ...rulesIn(object),
    ...properties.flatMap(property =>
      rulesIn(property, byName.get(String(property.name))),
    ),
  ];
}

function rulesIn(holder: JsonObject, field?: Field): OtherQualityRule[] {
  const rules = (holder.quality ?? []) as JsonObject[];
  return rules
    .filter(rule => !isChecked(rule) && !isEnumeration(rule, field))
    .map(rule => ({
      ...(field && { field: field.name }),
      ...(typeof rule.name === 'string' && { name: rule.name }),
      content: contentOf(rule),
    }));
}

function isChecked(rule: JsonObject): boolean {
  return (
    (rule.type === 'sql' || typeof rule.metric === 'string') &&
    Object.keys(rule).some(key => /^must(Not)?Be/.test(key))
  );
}

function isEnumeration(rule: JsonObject, field?: Field): boolean {
  const values =
    (rule.arguments as JsonObject | undefined)?.validValues ?? rule.validValues;
  return field?.enum !== undefined && field.enum === values;
}

function contentOf(rule: JsonObject): string {
  const parts = PARTS.filter(part => rule[part] !== undefined);
  const content: JsonValue =
    parts.length > 0
      ? Object.fromEntries(parts.map(part => [part, rule[part]]))
      : rule.description ?? '';
  return JSON.stringify(content);
}
