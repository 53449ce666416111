import {
  Field,
  FieldType,
} from '@skein/backstage-plugin-dataset-migrations-common';

/** The type of PostgreSQL that holds the values of a field's type. */
export function sqlType(type: FieldType): string {
  switch (type.kind) {
    case 'boolean':
    case 'date':
    case 'uuid':
      return type.kind;
    case 'integer':
      return { 16: 'smallint', 32: 'integer', 64: 'bigint' }[type.bits];
    case 'decimal':
      return type.precision === undefined
        ? 'numeric'
        : `numeric(${type.precision},${type.scale ?? 0})`;
    case 'float':
      return type.bits === 32 ? 'real' : 'double precision';
    case 'string':
      return type.maxLength === undefined
        ? 'text'
        : `character varying(${type.maxLength})`;
    case 'time':
      return 'time without time zone';
    case 'timestamp':
      return type.zone
        ? 'timestamp with time zone'
        : 'timestamp without time zone';
    case 'bytes':
      return 'bytea';
    case 'json':
    case 'object':
      return 'jsonb';
    case 'array':
      return `${sqlType(type.items)}[]`;
    default:
      throw new TypeError(`Unknown type ${JSON.stringify(type)}`);
  }
}

/**
 * The type in which expressions compute: as {@link sqlType}, but text without
 * its length, as a cast to `varchar(n)` cuts text off without a word.
 */
export function computedType(type: FieldType): string {
  return type.kind === 'string' ? 'text' : sqlType(type);
}

/**
 * The type that a column of the target gets: the contract's own spelling where
 * it is one of the few that mean more than the field's type.
 */
export function columnType(field: Field): string {
  const spelt = field.physicalType?.trim().toLocaleLowerCase('en-US');
  if (field.type.kind === 'json' && spelt === 'json') {
    return 'json';
  }
  const fixed = /^(?:char|character)\s*\(\s*(\d+)\s*\)$/.exec(spelt ?? '');
  if (field.type.kind === 'string' && fixed) {
    return `character(${Number(fixed[1])})`;
  }
  return sqlType(field.type);
}

/** `format_type` of PostgreSQL without lengths, precisions and array marks. */
const kinds: Record<string, FieldType['kind']> = {
  boolean: 'boolean',
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  numeric: 'decimal',
  real: 'float',
  'double precision': 'float',
  text: 'string',
  'character varying': 'string',
  character: 'string',
  date: 'date',
  'time without time zone': 'time',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamp',
  uuid: 'uuid',
  bytea: 'bytes',
  json: 'json',
  jsonb: 'json',
};

/**
 * The kind of field that a column holds by itself; undefined for the types that
 * contracts know as text or not at all (enums, ranges, addresses, ...).
 *
 * @param physicalType - as `format_type` prints it
 */
export function kindOfColumn(
  physicalType: string,
): FieldType['kind'] | undefined {
  if (physicalType.endsWith('[]')) {
    return 'array';
  }
  return kinds[
    physicalType.replace(/\(\d+(?:,-?\d+)?\)/, '').replace(/ {2,}/, ' ')
  ];
}

/** Whether a column of that physical type can be what a contract says it is. */
export function fits(physicalType: string, type: FieldType): boolean {
  const kind = kindOfColumn(physicalType);
  if (kind === undefined) {
    return type.kind === 'string';
  }
  if (type.kind === 'object' || type.kind === 'array') {
    return kind === 'json' || kind === type.kind;
  }
  if (type.kind === 'timestamp' && kind === 'timestamp') {
    return physicalType.includes('with time zone') === type.zone;
  }
  return kind === type.kind;
}
