import { Field, FieldType } from './types';

/**
 * The fields inside a field, as far as its contract tells.
 *
 * @public
 */
export function fieldsInside({ type, properties }: Field): Field[] {
  return properties ?? nestedFields(type) ?? [];
}

/** The fields of an object, or of the objects in a list; undefined elsewhere. */
function nestedFields(type: FieldType): Field[] | undefined {
  switch (type.kind) {
    case 'object':
      return type.fields;
    case 'array':
      return nestedFields(type.items);
    default:
      return undefined;
  }
}
