import { FieldType } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  formatFieldType,
  parsePhysicalType,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { UnsupportedError } from './UnsupportedError';

/** The widest decimal of DuckDB. */
export const MAX_PRECISION = 38;

const INTEGERS = { 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT' } as const;

/**
 * DuckDB's name of a type.
 *
 * @throws UnsupportedError for types that it has not, or that only pass through
 */
export function duckType(type: FieldType): string {
  switch (type.kind) {
    case 'boolean':
      return 'BOOLEAN';
    case 'integer':
      return INTEGERS[type.bits];
    case 'decimal': {
      const { precision, scale = 0 } = type;
      if (precision === undefined) {
        throw new UnsupportedError(
          'A decimal in a file needs a precision and a scale: cast it to decimal(p, s)',
        );
      }
      if (precision > MAX_PRECISION) {
        throw new UnsupportedError(
          `A ${formatFieldType(
            type,
          )} has more than the ${MAX_PRECISION} digits that files hold`,
        );
      }
      return `DECIMAL(${precision},${scale})`;
    }
    case 'float':
      return type.bits === 32 ? 'FLOAT' : 'DOUBLE';
    case 'string':
      return 'VARCHAR';
    case 'date':
      return 'DATE';
    case 'time':
      return 'TIME';
    case 'timestamp':
      return type.zone ? 'TIMESTAMP WITH TIME ZONE' : 'TIMESTAMP';
    case 'uuid':
      return 'UUID';
    case 'bytes':
      return 'BLOB';
    case 'json':
      return 'JSON';
    default:
      throw new UnsupportedError(
        `A ${formatFieldType(type)} can be kept or renamed, not computed with`,
      );
  }
}

/** The type of a column of a file, in the words of contracts; undefined where they have none. */
export function typeOfColumn(physical: string): FieldType | undefined {
  if (/^TIMESTAMP_(NS|MS|S)$/.test(physical)) {
    return { kind: 'timestamp', zone: false };
  }
  if (/^STRUCT\(.*\)$/s.test(physical)) {
    return { kind: 'object', fields: [] };
  }
  if (/\[\d*\]$/.test(physical)) {
    return { kind: 'array', items: { kind: 'json' } };
  }
  return parsePhysicalType(physical);
}

/**
 * Whether a column may be read as what its contract says: the same kind of
 * value, in whatever width the file has. What does not fit the contract's width
 * fails when it is read.
 */
export function readableAs(
  column: FieldType | undefined,
  contract: FieldType,
): boolean {
  if (!column) {
    return false;
  }
  if (column.kind === 'timestamp' && contract.kind === 'timestamp') {
    return column.zone === contract.zone;
  }
  if (contract.kind === 'integer' && column.kind === 'decimal') {
    return column.scale === 0;
  }
  if (contract.kind === 'json') {
    return column.kind === 'json' || column.kind === 'string';
  }
  if (contract.kind === 'decimal') {
    return column.kind === 'integer' || column.kind === 'decimal';
  }
  return column.kind === contract.kind;
}
