import { FieldType } from './types';

/**
 * A type as people write it: `varchar(10)`, `decimal(10,2)`, `timestamp with time zone`.
 *
 * @public
 */
export function formatFieldType(type: FieldType): string {
  switch (type.kind) {
    case 'integer':
      return { 16: 'smallint', 32: 'integer', 64: 'bigint' }[type.bits];
    case 'float':
      return type.bits === 32 ? 'real' : 'double precision';
    case 'decimal':
      return type.precision === undefined
        ? 'decimal'
        : `decimal(${type.precision},${type.scale ?? 0})`;
    case 'string':
      return type.maxLength === undefined
        ? 'text'
        : `varchar(${type.maxLength})`;
    case 'timestamp':
      return type.zone ? 'timestamp with time zone' : 'timestamp';
    case 'array':
      return `${formatFieldType(type.items)}[]`;
    case 'object':
      return `{ ${type.fields
        .map(field => `${field.name}: ${formatFieldType(field.type)}`)
        .join(', ')} }`;
    case 'unknown':
      return type.spelling ?? 'an unknown type';
    default:
      return type.kind;
  }
}

/**
 * Whether two types hold the same values. How a contract spells them does not
 * matter, nor do ids and descriptions of nested fields.
 *
 * @public
 */
export function sameType(a: FieldType, b: FieldType): boolean {
  return formatFieldType(a) === formatFieldType(b);
}
