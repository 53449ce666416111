import { FieldType } from '@skein/backstage-plugin-dataset-migrations-common';

/**
 * SQL of a value's canonical text, as `RowValue` of the common package spells
 * it: ISO 8601 with `T`, zoned timestamps in UTC with `Z`, bytes as lower-case
 * hex, nested values as JSON.
 */
export function spell(sql: string, type: FieldType): string {
  switch (type.kind) {
    case 'timestamp':
      return type.zone
        ? `replace(replace(CAST(${sql} AS VARCHAR), ' ', 'T'), '+00', 'Z')`
        : `replace(CAST(${sql} AS VARCHAR), ' ', 'T')`;
    case 'bytes':
      return `lower(hex(${sql}))`;
    case 'array':
    case 'object':
      return `CAST(to_json(${sql}) AS VARCHAR)`;
    default:
      return `CAST(${sql} AS VARCHAR)`;
  }
}
