import { JsonObject, JsonValue } from '@backstage/types';
import { Field } from './types';

/** What the values of a property refer to, by its ODCS `relationships`. */
export function referencesOf(property: JsonObject): string[] | undefined {
  const targets = relationshipsOf(property).flatMap(({ to }) => texts(to));
  return targets.length > 0 ? targets : undefined;
}

/**
 * Adds what an object's own `relationships` say of its fields, each `from` and
 * `to` one property or, of composite keys, lists that belong together.
 */
export function addObjectReferences(fields: Field[], object: JsonObject): void {
  for (const { from, to } of relationshipsOf(object)) {
    const targets = texts(to);
    texts(from).forEach((path, index) => {
      const name = path.slice(path.lastIndexOf('.') + 1);
      const field = fields.find(item => item.name === name);
      if (field && targets[index] !== undefined) {
        field.references = [...(field.references ?? []), targets[index]];
      }
    });
  }
}

function relationshipsOf(holder: JsonObject): JsonObject[] {
  return (holder.relationships ?? []) as JsonObject[];
}

function texts(value: JsonValue | undefined): string[] {
  return (Array.isArray(value) ? value : [value]).filter(
    item => typeof item === 'string',
  );
}
