import { formatFieldType } from './formatFieldType';
import { parseAnyPhysicalType } from './otherStoresTypes';

describe('parseAnyPhysicalType', () => {
  it.each([
    ['varchar(10)', 'varchar(10)'],
    ['NUMBER(10, 2)', 'decimal(10,2)'],
    ['NUMBER', 'decimal'],
    ['VARCHAR2(20)', 'varchar(20)'],
    ['TIMESTAMP_NTZ(9)', 'timestamp'],
    ['timestamp_tz', 'timestamp with time zone'],
    ['ARRAY<INT64>', 'bigint[]'],
    ['array<array<string>>', 'text[][]'],
    ['BYTES', 'bytes'],
  ])('reads %s', (spelling, expected) => {
    expect(formatFieldType(parseAnyPhysicalType(spelling)!)).toBe(expected);
  });

  it.each([
    'GEOGRAPHY',
    'array<>',
    'struct<a:int>',
    '',
    'constructor',
    `${'array<'.repeat(100)}int${'>'.repeat(100)}`,
  ])('G10: does not know %s', spelling => {
    expect(parseAnyPhysicalType(spelling)).toBeUndefined();
  });
});
