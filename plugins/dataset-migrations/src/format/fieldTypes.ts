import {
  Field,
  FieldType,
} from '@skein/backstage-plugin-dataset-migrations-common';

/** A field's type as a person would say it: `decimal(10, 2)`, `text (up to 3)`, `list of text`. */
export function formatFieldType(type: FieldType): string {
  switch (type.kind) {
    case 'integer':
    case 'float':
      return `${type.bits}-bit ${type.kind}`;
    case 'decimal':
      if (type.precision === undefined) {
        return 'decimal';
      }
      return `decimal(${type.precision}, ${type.scale ?? 0})`;
    case 'string':
      return type.maxLength === undefined
        ? 'text'
        : `text (up to ${type.maxLength})`;
    case 'timestamp':
      return type.zone ? 'timestamp with zone' : 'timestamp';
    case 'array':
      return `list of ${formatFieldType(type.items)}`;
    case 'object':
      return `record {${type.fields.map(field => field.name).join(', ')}}`;
    default:
      return type.kind;
  }
}

/** The type with what else a reader must know: `text, required, unique`. */
export function formatField(field: Field): string {
  return [
    formatFieldType(field.type),
    field.primaryKeyPosition === undefined ? undefined : 'key',
    field.required ? 'required' : undefined,
    field.unique ? 'unique' : undefined,
  ]
    .filter(Boolean)
    .join(', ');
}
