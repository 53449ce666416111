import { JsonObject } from '@backstage/types';
import { rulesBetween } from '../../__testUtils__/rulesBetween';

const integer = (format: string): JsonObject => ({
  logicalType: 'integer',
  logicalTypeOptions: { format },
});
const text = (logicalTypeOptions: JsonObject, more: JsonObject = {}) => ({
  logicalType: 'string',
  logicalTypeOptions,
  ...more,
});
const on = (type: string): JsonObject => ({
  servers: [{ server: 's', type }],
});

describe('typeChanges', () => {
  it.each<[string, string, string[]]>([
    ['i64', 'u32', ['type-narrowed']],
    ['i16', 'i8', ['type-narrowed']],
    ['i32', 'u16', ['type-narrowed']],
    ['u8', 'i8', ['type-narrowed']],
    ['i32', 'u32', ['type-narrowed']],
    ['u32', 'i64', ['type-widened']],
    ['u32', 'u64', ['type-widened']],
    ['i64', 'i128', ['type-widened']],
    ['u8', 'i16', ['type-widened']],
    ['i128', 'u64', ['type-narrowed']],
    ['i32', 'i32', []],
  ])('judges formats of whole numbers: %s to %s', (from, to, expected) => {
    expect(rulesBetween(integer(from), integer(to))).toEqual(expected);
    const list = (items: JsonObject) => ({ logicalType: 'array', items });
    expect(rulesBetween(list(integer(from)), list(integer(to)))).toEqual(
      expected,
    );
  });

  it.each<[string, string, string[]]>([
    ['smallint', 'tinyint', ['type-narrowed']],
    ['bigint', 'uinteger', ['type-narrowed']],
    ['bigint(20)', 'int(11)', ['type-narrowed']],
    ['bigint', 'BIGINT(20)', []],
    ['int unsigned', 'bigint', ['type-widened']],
    ['int(10) unsigned', 'int', ['type-narrowed']],
    ['UInt64', 'Int64', ['type-narrowed']],
    ['Nullable(Int64)', 'Nullable(Int32)', ['type-narrowed']],
    ['Nullable(Int64)', 'bigint', []],
    ['Array(UInt8)', 'Array(UInt16)', ['type-widened']],
    ['double', 'float', ['type-narrowed']],
    ['float', 'double', ['type-widened']],
    ['float', 'real', []],
    ['timestamp(6)', 'timestamp(3)', ['precision-lowered']],
    ['timestamp(3)', 'timestamp(6)', ['precision-raised']],
    ['timestamp', 'timestamp(3)', ['precision-limited']],
    ['timestamp', 'timestamp(6)', []],
    ['time(6)', 'time(0)', ['precision-lowered']],
    ['timestamp_ns', 'timestamp_ms', ['precision-lowered']],
    ['TIMESTAMP', 'TIMESTAMP_NTZ', ['physical-type-changed']],
    ['DATETIME', 'TIMESTAMP', ['physical-type-changed']],
    ['timestamp(3) with time zone', 'timestamptz(3)', []],
    ['char(10)', 'varchar(10)', ['physical-type-changed']],
    ['GEOGRAPHY', 'geography', []],
    ['STRUCT < a : INT >', 'struct<a:int>', []],
    ['VARCHAR(MAX)', 'text', []],
  ])('judges what stores call types: %s to %s', (from, to, expected) => {
    expect(rulesBetween({ physicalType: from }, { physicalType: to })).toEqual(
      expected,
    );
  });

  it.each<[string, string, string, string[]]>([
    ['postgres', 'double', 'float', []],
    ['snowflake', 'double', 'float', []],
    ['databricks', 'double', 'float', ['type-narrowed']],
    ['databricks', 'TIMESTAMP', 'TIMESTAMP_NTZ', ['type-replaced']],
    ['bigquery', 'DATETIME', 'TIMESTAMP', ['type-replaced']],
    ['postgres', 'timestamp', 'timestamp without time zone', []],
    ['snowflake', 'INT', 'NUMBER(38,0)', []],
    ['sqlserver', 'tinyint', 'smallint', ['type-widened']],
    ['sqlserver', 'smallint', 'tinyint', ['type-narrowed']],
    ['clickhouse', 'Int8', 'Int16', ['type-widened']],
  ])('judges words as on %s: %s to %s', (store, from, to, expected) => {
    const servers = { from: on(store), to: on(store) };
    expect(
      rulesBetween({ physicalType: from }, { physicalType: to }, servers),
    ).toEqual(expected);
  });

  it.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'beside varchar',
      text({ maxLength: 20 }, { physicalType: 'varchar(50)' }),
      text({ maxLength: 10 }, { physicalType: 'varchar(50)' }),
      ['length-lowered'],
    ],
    [
      'greater than that of varchar',
      text({ maxLength: 80 }, { physicalType: 'varchar(50)' }),
      text({ maxLength: 70 }, { physicalType: 'varchar(50)' }),
      [],
    ],
    [
      'in one version as an option, in the other in the type',
      text({ maxLength: 20 }),
      text({}, { physicalType: 'varchar(20)' }),
      [],
    ],
    [
      'of a type that is not understood',
      text({ maxLength: 20 }, { physicalType: 'CITEXT' }),
      text({ maxLength: 10 }, { physicalType: 'CITEXT' }),
      ['length-lowered'],
    ],
  ])('judges the greatest length %s', (_, from, to, expected) => {
    expect(rulesBetween(from, to)).toEqual(expected);
  });

  it.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'a physical type of numbers',
      { logicalType: 'number' },
      { logicalType: 'number', physicalType: 'DOUBLE' },
      ['type-stated'],
    ],
    [
      'a format of numbers',
      { logicalType: 'number' },
      { logicalType: 'number', logicalTypeOptions: { format: 'f64' } },
      ['type-stated'],
    ],
    [
      'a physical type of whole numbers',
      { logicalType: 'integer' },
      { logicalType: 'integer', physicalType: 'NUMBER(10,0)' },
      ['type-stated'],
    ],
    [
      'a logical type',
      { physicalType: 'VARCHAR(MAX)' },
      { physicalType: 'VARCHAR(MAX)', logicalType: 'string' },
      [],
    ],
    [
      'a logical type beside what is not understood',
      { physicalType: 'GEOGRAPHY' },
      { physicalType: 'geography', logicalType: 'string' },
      [],
    ],
    [
      'no physical type any more',
      { logicalType: 'number', physicalType: 'DOUBLE' },
      { logicalType: 'number' },
      ['type-unstated'],
    ],
    [
      'a narrower physical type than was said',
      integer('i64'),
      { ...integer('i64'), physicalType: 'int' },
      ['type-narrowed'],
    ],
    [
      'another type',
      { logicalType: 'number' },
      integer('i64'),
      ['type-replaced'],
    ],
    [
      'another type in the words of a store',
      { logicalType: 'integer' },
      { physicalType: 'text' },
      ['type-replaced'],
    ],
    [
      'an exact number where there was a float',
      { logicalType: 'number', logicalTypeOptions: { format: 'f64' } },
      { logicalType: 'number', physicalType: 'decimal(10,2)' },
      ['type-replaced'],
    ],
    [
      'whole numbers in the words of a store',
      integer('i64'),
      { logicalType: 'integer', physicalType: 'NUMBER(19,0)' },
      ['type-stated'],
    ],
    [
      'days for moments',
      { logicalType: 'timestamp' },
      { physicalType: 'date' },
      ['type-replaced'],
    ],
  ])('judges saying %s', (_, from, to, expected) => {
    expect(rulesBetween(from, to)).toEqual(expected);
  });

  it('G10: reads spellings of any length, and those named as parts of objects', () => {
    const long = (end: string) => ({
      physicalType: `x${' '.repeat(100_000)}${end}`,
    });
    expect(rulesBetween(long('a'), long('b'))).toEqual(['type-replaced']);
    expect(rulesBetween(integer('constructor'), integer('i32'))).toEqual([
      'format-removed',
    ]);
    expect(
      rulesBetween(
        { logicalType: 'number', logicalTypeOptions: { format: 'toString' } },
        { logicalType: 'number' },
      ),
    ).not.toContain('type-replaced');
  });
});
