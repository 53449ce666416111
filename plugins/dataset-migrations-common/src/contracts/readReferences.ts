import { JsonObject, JsonValue } from '@backstage/types';
import { fieldsInside } from './nestedFields';
import { Field } from './types';

/** What the values of a property refer to, by its ODCS `relationships`. */
export function referencesOf(property: JsonObject): string[] | undefined {
  const targets = relationshipsOf(property).flatMap(({ to }) => pathsOf(to));
  return targets.length > 0 ? targets : undefined;
}

/**
 * Adds what an object's own `relationships` say of its fields, each `from` and
 * `to` one property or, of composite keys, lists that belong together.
 */
export function addObjectReferences(fields: Field[], object: JsonObject): void {
  const own = `${object.name}.`;
  for (const { from, to } of relationshipsOf(object)) {
    const targets = pathsOf(to);
    pathsOf(from).forEach((path, index) => {
      const steps = path.startsWith(own) ? path.slice(own.length) : path;
      const field = fieldAt(fields, steps.split('.'));
      if (field && targets[index] !== undefined) {
        field.references = [...(field.references ?? []), targets[index]];
      }
    });
  }
}

function fieldAt(
  fields: Field[],
  [name, ...inside]: string[],
): Field | undefined {
  const field = fields.find(item => item.name === name);
  return inside.length > 0 && field
    ? fieldAt(fieldsInside(field), inside)
    : field;
}

function relationshipsOf(holder: JsonObject): JsonObject[] {
  return (holder.relationships ?? []) as JsonObject[];
}

/** `carriers.code`, also where it is spelled `/schema/carriers/properties/code`. */
function pathsOf(value: JsonValue | undefined): string[] {
  return (Array.isArray(value) ? value : [value])
    .filter(item => typeof item === 'string')
    .map(item =>
      item.startsWith('/')
        ? item
            .replace(/^\/(schema\/)?/, '')
            .replaceAll(/\/(properties\/)?/g, '.')
        : item,
    );
}
