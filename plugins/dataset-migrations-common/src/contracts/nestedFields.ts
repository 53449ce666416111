import { Field, FieldType } from './types';

/** The fields of an object, or of the objects in a list; undefined elsewhere. */
export function nestedFields(type: FieldType): Field[] | undefined {
  switch (type.kind) {
    case 'object':
      return type.fields;
    case 'array':
      return nestedFields(type.items);
    default:
      return undefined;
  }
}
