import { parsePhysicalType } from './physicalTypes';
import { FieldType } from './types';

/** Names of types in stores that no engine works with, as ours are called. */
const names: Record<string, string> = {
  number: 'decimal',
  bignumeric: 'decimal',
  bigdecimal: 'decimal',
  byteint: 'smallint',
  mediumint: 'integer',
  bit: 'boolean',
  nchar: 'char',
  varchar2: 'varchar',
  nvarchar2: 'varchar',
  ntext: 'text',
  longtext: 'text',
  mediumtext: 'text',
  tinytext: 'text',
  timestamp_ntz: 'timestamp',
  timestamp_tz: 'timestamptz',
  timestamp_ltz: 'timestamptz',
  datetime2: 'timestamp',
  datetimeoffset: 'timestamptz',
  bytes: 'bytea',
  variant: 'json',
};

/**
 * Reads a type in the spelling of any store, to compare it with another: of
 * Snowflake, BigQuery, Spark, Oracle, SQL Server and MySQL those that are like
 * one of ours.
 *
 * @returns undefined when the spelling is not known
 */
export function parseAnyPhysicalType(spelling: string): FieldType | undefined {
  const own = parsePhysicalType(spelling);
  if (own) {
    return own;
  }
  const list = /^\s*array\s*<(.{1,180})>\s*$/is.exec(spelling);
  if (list) {
    const items = parseAnyPhysicalType(list[1]);
    return items && { kind: 'array', items };
  }
  const [head, ...rest] = spelling.trim().split(/\b/);
  const name = head.toLocaleLowerCase('en-US');
  return Object.hasOwn(names, name)
    ? parsePhysicalType([names[name], ...rest].join(''))
    : undefined;
}
