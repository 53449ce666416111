import { JsonObject, JsonValue } from '@backstage/types';
import { isEnumerationOf } from './enumerationRule';
import { Field, QualityLimit, QualityRule } from './types';

/**
 * The rules of the kinds `library` and `sql` of a schema object that the JSON
 * Schema has accepted, its own and those of its properties. A list of valid
 * values that became the enumeration of its field is not repeated; rules for
 * people (`text`) and for other tools (`custom`) are not read.
 *
 * @param path - of the object, for messages
 */
export function readQuality(
  object: JsonObject,
  fields: Field[],
  path: string,
): QualityRule[] {
  const byName = new Map(fields.map(field => [field.name, field]));
  const properties = (object.properties ?? []) as JsonObject[];
  return [
    ...rulesIn(object, path),
    ...properties.flatMap((property, index) =>
      rulesIn(
        property,
        `${path}.properties[${index}]`,
        byName.get(String(property.name)),
      ),
    ),
  ];
}

function rulesIn(
  holder: JsonObject,
  path: string,
  field?: Field,
): QualityRule[] {
  const rules = (holder.quality ?? []) as JsonObject[];
  return rules.flatMap((rule, index): QualityRule[] => {
    const limit = limitOf(rule);
    const common = {
      path: `${path}.quality[${index}]`,
      ...(field && { field: field.name }),
      ...(typeof rule.name === 'string' && { name: rule.name }),
      ...(typeof rule.unit === 'string' && { unit: rule.unit }),
    };
    if (!limit) {
      return [];
    }
    if (rule.type === 'sql') {
      return [{ ...common, limit, kind: 'sql', query: String(rule.query) }];
    }
    const values = rule.arguments as JsonObject | undefined;
    return typeof rule.metric === 'string' && !isEnumerationOf(rule, field)
      ? [
          {
            ...common,
            limit,
            kind: 'library',
            metric: rule.metric,
            ...(values && { arguments: values }),
          },
        ]
      : [];
  });
}

/** The limit of a rule, if it has one. */
export function limitOf(rule: JsonObject): QualityLimit | undefined {
  const found = Object.entries(rule).find(([key]) => /^must(Not)?Be/.test(key));
  return (
    found && { operator: found[0], value: (found[1] ?? null) as JsonValue }
  );
}
