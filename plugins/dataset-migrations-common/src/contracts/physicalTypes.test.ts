import fc from 'fast-check';
import { formatFieldType, sameType } from './formatFieldType';
import { parsePhysicalType } from './physicalTypes';
import { FieldType } from './types';

const scalar: fc.Arbitrary<FieldType> = fc.oneof(
  fc.constantFrom<FieldType>(
    { kind: 'boolean' },
    { kind: 'decimal' },
    { kind: 'string' },
    { kind: 'date' },
    { kind: 'time' },
    { kind: 'timestamp', zone: false },
    { kind: 'timestamp', zone: true },
    { kind: 'uuid' },
    { kind: 'json' },
  ),
  fc
    .constantFrom<16 | 32 | 64>(16, 32, 64)
    .map((bits): FieldType => ({ kind: 'integer', bits })),
  fc
    .constantFrom<32 | 64>(32, 64)
    .map((bits): FieldType => ({ kind: 'float', bits })),
  fc
    .integer({ min: 1, max: 10_000 })
    .map((maxLength): FieldType => ({ kind: 'string', maxLength })),
  fc
    .tuple(fc.integer({ min: 1, max: 38 }), fc.integer({ min: 0, max: 38 }))
    .map(
      ([precision, scale]): FieldType => ({
        kind: 'decimal',
        precision,
        scale: Math.min(precision, scale),
      }),
    ),
);

const type = fc.oneof(
  scalar,
  scalar.map((items): FieldType => ({ kind: 'array', items })),
);

describe('parsePhysicalType', () => {
  it('reads every type as it is written for people', () => {
    fc.assert(
      fc.property(type, value => {
        const parsed = parsePhysicalType(formatFieldType(value));
        expect(parsed).toEqual(value);
        expect(sameType(parsed!, value)).toBe(true);
      }),
    );
  });

  it.each<[string, string]>([
    ['INT', 'integer'],
    ['int4', 'integer'],
    ['Int8', 'bigint'],
    ['TINYINT', 'smallint'],
    ['UINTEGER', 'bigint'],
    ['HUGEINT', 'decimal(39,0)'],
    ['NUMERIC(10, 2)', 'decimal(10,2)'],
    ['numeric(5)', 'decimal(5,0)'],
    ['DOUBLE', 'double precision'],
    ['float', 'double precision'],
    ['float(24)', 'real'],
    ['character varying(20)', 'varchar(20)'],
    ['char', 'varchar(1)'],
    ['VARCHAR', 'text'],
    ['timestamp(3) with time zone', 'timestamp with time zone'],
    ['timestamp  without   time zone', 'timestamp'],
    ['timestamptz', 'timestamp with time zone'],
    ['text[]', 'text[]'],
    ['integer[][]', 'integer[][]'],
    ['BLOB', 'bytes'],
    ['jsonb', 'json'],
  ])('reads %s as %s', (spelling, expected) => {
    expect(formatFieldType(parsePhysicalType(spelling)!)).toBe(expected);
  });

  it.each([
    '',
    'geography',
    'numeric(0)',
    'numeric(2,5)',
    'varchar(0)',
    'varchar(1,2)',
    'int(',
    'constructor',
    '__proto__',
    'text; drop table x',
    'x'.repeat(10_000),
    ' '.repeat(10_000),
  ])('does not understand %s', spelling => {
    expect(parsePhysicalType(spelling)).toBeUndefined();
  });
});
