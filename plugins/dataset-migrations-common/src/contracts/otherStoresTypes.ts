import {
  ComparedType,
  comparedType,
  engineType,
  wholeNumbers,
} from './comparedTypes';
import { parsePhysicalType } from './physicalTypes';
import { FieldType } from './types';

/** Longer ones are no types that anything is known of. */
const MAX_LENGTH = 200;

/** Names of types in stores that no engine works with, as ours are called. */
const names: Record<string, string> = {
  number: 'decimal',
  bignumeric: 'decimal',
  bigdecimal: 'decimal',
  bit: 'boolean',
  varchar2: 'varchar',
  nvarchar2: 'varchar',
  ntext: 'text',
  longtext: 'text',
  mediumtext: 'text',
  tinytext: 'text',
  bytes: 'bytea',
  variant: 'json',
};

const i8 = wholeNumbers(8);
const i16 = wholeNumbers(16);
const i32 = wholeNumbers(32);
const i64 = wholeNumbers(64);

/** Whole numbers; a display width, as in `int(11)`, says nothing of values. */
const integers: Record<string, ComparedType> = {
  tinyint: i8,
  int1: i8,
  byteint: i8,
  smallint: i16,
  int2: i16,
  int16: i16,
  short: i16,
  smallserial: i16,
  mediumint: wholeNumbers(24),
  integer: i32,
  int: i32,
  int4: i32,
  int32: i32,
  signed: i32,
  serial: i32,
  bigint: i64,
  int8: i64,
  int64: i64,
  long: i64,
  bigserial: i64,
  hugeint: wholeNumbers(128),
  int128: wholeNumbers(128),
  int256: wholeNumbers(256),
  utinyint: wholeNumbers(8, false),
  usmallint: wholeNumbers(16, false),
  uinteger: wholeNumbers(32, false),
  ubigint: wholeNumbers(64, false),
  uhugeint: wholeNumbers(128, false),
  uint8: wholeNumbers(8, false),
  uint16: wholeNumbers(16, false),
  uint32: wholeNumbers(32, false),
  uint64: wholeNumbers(64, false),
  uint128: wholeNumbers(128, false),
  uint256: wholeNumbers(256, false),
};

/** MySQL's. */
const unsigned: Record<string, ComparedType> = {
  tinyint: integers.uint8,
  smallint: integers.uint16,
  mediumint: wholeNumbers(24, false),
  int: integers.uint32,
  integer: integers.uint32,
  bigint: integers.uint64,
};

/** Words for moments: whether they have a zone, and their digits of a second. */
const moments: Record<string, { zone: boolean; digits?: number }> = {
  'timestamp without time zone': { zone: false },
  timestamp_ntz: { zone: false },
  datetime2: { zone: false },
  smalldatetime: { zone: false, digits: 0 },
  timestamp_s: { zone: false, digits: 0 },
  timestamp_ms: { zone: false, digits: 3 },
  timestamp_us: { zone: false, digits: 6 },
  timestamp_ns: { zone: false, digits: 9 },
  datetime64: { zone: false },
  timestamptz: { zone: true },
  timestamp_tz: { zone: true },
  timestamp_ltz: { zone: true },
  'timestamp with time zone': { zone: true },
  'timestamp with local time zone': { zone: true },
  datetimeoffset: { zone: true },
};

/** Where `timestamp` is a moment in the world, and `datetime` is one on a clock. */
const ZONED_TIMESTAMP = ['databricks', 'spark', 'bigquery', 'mysql'];

/** Where both are on a clock. */
const PLAIN_TIMESTAMP = [
  'postgres',
  'postgresql',
  'duckdb',
  'redshift',
  'snowflake',
];

/** Where `float` has 64 bits. */
const LONG_FLOAT = ['postgres', 'postgresql', 'snowflake', 'sqlserver'];

/** The kinds of servers whose spelling a contract may use, in lower case. */
export type Stores = ReadonlySet<string>;

/** A spelling without differences that mean nothing: case and spaces. */
export function normalizeSpelling(spelling: string): string {
  return spelling
    .toLocaleLowerCase('en-US')
    .replace(/\s+/g, ' ')
    .replace(/ ?([(,<:]) ?/g, '$1')
    .replace(/ ([)>])/g, '$1')
    .trim();
}

/**
 * Reads a type in the spelling of any store, to compare it with another: of
 * Snowflake, BigQuery, Spark, Oracle, SQL Server, MySQL and ClickHouse those that
 * are like one of ours.
 *
 * @param stores - what the contract's servers are, where words mean different
 *   things
 * @returns undefined when the spelling is not known
 */
export function parseStoreType(
  spelling: string,
  stores: Stores = new Set(),
): ComparedType | undefined {
  if (spelling.length > MAX_LENGTH) {
    return undefined;
  }
  return parseNormalized(normalizeSpelling(spelling), stores);
}

/** The same as a type of engines, as far as one of them holds it. */
export function parseAnyPhysicalType(spelling: string): FieldType | undefined {
  const type = parseStoreType(spelling);
  return type && engineType(type);
}

function parseNormalized(
  spelling: string,
  stores: Stores,
): ComparedType | undefined {
  const wrapped =
    /^(nullable|lowcardinality|array|list)[(<](.+)[)>]$/.exec(spelling) ??
    /^()(.+?) ?\[\d*\]$/.exec(spelling);
  if (wrapped) {
    const [, wrapper, inside] = wrapped;
    const type = parseNormalized(inside, stores);
    return wrapper === 'nullable' || wrapper === 'lowcardinality'
      ? type
      : type && { kind: 'array', items: type };
  }
  const parts = /^([a-z_0-9 ]+?)(?:\(([\d,]+|max)\))?((?: [a-z]+)*)$/.exec(
    spelling,
  );
  if (!parts) {
    return undefined;
  }
  const [, head, args, tail] = parts;
  return (
    integerOf(head, args, tail, stores) ??
    momentOf(`${head}${tail}`, args, stores) ??
    textOf(head, args, tail) ??
    floatOf(head, args, tail, stores) ??
    ownOf(head, args, tail)
  );
}

function integerOf(
  head: string,
  args: string | undefined,
  tail: string,
  stores: Stores,
): ComparedType | undefined {
  const [, word, sign] = /^(.*?)( unsigned| signed)?( zerofill)?$/.exec(
    `${head}${tail}`,
  )!;
  const isUnsigned =
    sign === ' unsigned' || (word === 'tinyint' && stores.has('sqlserver'));
  const table = isUnsigned ? unsigned : integers;
  if (!Object.hasOwn(table, word) || args?.includes(',') || args === 'max') {
    return undefined;
  }
  if (word === 'int8' && stores.has('clickhouse')) {
    return i8;
  }
  // All of Snowflake's and Oracle's are this one.
  return ['snowflake', 'oracle'].some(store => stores.has(store))
    ? { kind: 'decimal', precision: 38, scale: 0 }
    : table[word];
}

function momentOf(
  word: string,
  args: string | undefined,
  stores: Stores,
): ComparedType | undefined {
  if (args !== undefined && !/^\d$/.test(args)) {
    return undefined;
  }
  const digits = args === undefined ? {} : { digits: Number(args) };
  if (word === 'time' || word === 'time without time zone') {
    return { kind: 'time', ...digits };
  }
  if (Object.hasOwn(moments, word)) {
    const kind = { kind: 'timestamp' as const, ...moments[word], ...digits };
    const isVague = !knowsMoments(stores);
    return word === 'timestamp_ntz' && isVague ? { ...kind, word } : kind;
  }
  if (word !== 'timestamp' && word !== 'datetime') {
    return undefined;
  }
  const has = (list: string[]) => list.some(store => stores.has(store));
  if (has(ZONED_TIMESTAMP)) {
    return { kind: 'timestamp', zone: word === 'timestamp', ...digits };
  }
  return has(PLAIN_TIMESTAMP) || word === 'timestamp'
    ? { kind: 'timestamp', zone: false, ...digits }
    : { kind: 'timestamp', zone: false, ...digits, word };
}

function knowsMoments(stores: Stores): boolean {
  return [...ZONED_TIMESTAMP, ...PLAIN_TIMESTAMP].some(store =>
    stores.has(store),
  );
}

function textOf(
  head: string,
  args: string | undefined,
  tail: string,
): ComparedType | undefined {
  if (tail !== '' && tail !== ' varying') {
    return undefined;
  }
  const word = `${head}${tail}`;
  if (args === 'max') {
    const isText = ['varchar', 'nvarchar', 'character varying'].includes(word);
    if (isText) {
      return { kind: 'string' };
    }
    return word === 'varbinary' ? { kind: 'bytes' } : undefined;
  }
  const isPadded = ['char', 'character', 'nchar'].includes(word);
  const length = Number(args ?? 1);
  return isPadded && length >= 1
    ? { kind: 'string', maxLength: length, padded: true }
    : undefined;
}

function floatOf(
  head: string,
  args: string | undefined,
  tail: string,
  stores: Stores,
): ComparedType | undefined {
  if (tail !== '') {
    return undefined;
  }
  if (head === 'float' && (args === undefined || args.includes(','))) {
    const isLong = LONG_FLOAT.some(store => stores.has(store));
    return { kind: 'float', bits: isLong ? 64 : 32 };
  }
  return head === 'double' && args?.includes(',')
    ? { kind: 'float', bits: 64 }
    : undefined;
}

function ownOf(
  head: string,
  args: string | undefined,
  tail: string,
): ComparedType | undefined {
  const word = Object.hasOwn(names, head) ? names[head] : head;
  const type = parsePhysicalType(
    `${word}${args === undefined ? '' : `(${args})`}${tail}`,
  );
  return type && comparedType(type);
}
