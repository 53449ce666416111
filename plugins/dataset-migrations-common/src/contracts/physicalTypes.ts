import { FieldType } from './types';

type TypeMaker = (args: number[]) => FieldType | undefined;

const plain =
  (type: FieldType): TypeMaker =>
  args =>
    args.length === 0 ? type : undefined;

const integer = (bits: 16 | 32 | 64) => plain({ kind: 'integer', bits });

const float = (bits: 32 | 64) => plain({ kind: 'float', bits });

const decimal: TypeMaker = args => {
  const [precision, scale = 0] = args;
  if (args.length === 0) {
    return { kind: 'decimal' };
  }
  return args.length <= 2 && precision >= 1 && scale <= precision
    ? { kind: 'decimal', precision, scale }
    : undefined;
};

const text: TypeMaker = args => {
  if (args.length === 0) {
    return { kind: 'string' };
  }
  return args.length === 1 && args[0] >= 1
    ? { kind: 'string', maxLength: args[0] }
    : undefined;
};

/** `char` without a length is `char(1)` in SQL. */
const char: TypeMaker = args => text(args.length === 0 ? [1] : args);

/** A precision of seconds, as in `timestamp(3)`, is no property of our types. */
const timestamp =
  (zone: boolean): TypeMaker =>
  args =>
    args.length <= 1 ? { kind: 'timestamp', zone } : undefined;

const time: TypeMaker = args =>
  args.length <= 1 ? { kind: 'time' } : undefined;

/** SQL's `float(n)` counts bits of the mantissa. */
const mantissa: TypeMaker = args => {
  const [bits = 53] = args;
  if (args.length > 1 || bits < 1 || bits > 53) {
    return undefined;
  }
  return { kind: 'float', bits: bits <= 24 ? 32 : 64 };
};

/**
 * Spellings of PostgreSQL, DuckDB and of SQL in general. Unsigned and one-byte
 * integers are read as the smallest of our types that holds all their values.
 */
const spellings: Record<string, TypeMaker> = {
  boolean: plain({ kind: 'boolean' }),
  bool: plain({ kind: 'boolean' }),
  logical: plain({ kind: 'boolean' }),
  tinyint: integer(16),
  utinyint: integer(16),
  int1: integer(16),
  smallint: integer(16),
  int2: integer(16),
  short: integer(16),
  int16: integer(16),
  smallserial: integer(16),
  usmallint: integer(32),
  integer: integer(32),
  int: integer(32),
  int4: integer(32),
  signed: integer(32),
  int32: integer(32),
  serial: integer(32),
  uinteger: integer(64),
  bigint: integer(64),
  int8: integer(64),
  long: integer(64),
  int64: integer(64),
  bigserial: integer(64),
  ubigint: plain({ kind: 'decimal', precision: 20, scale: 0 }),
  hugeint: plain({ kind: 'decimal', precision: 39, scale: 0 }),
  numeric: decimal,
  decimal,
  dec: decimal,
  real: float(32),
  float4: float(32),
  float32: float(32),
  float: mantissa,
  double: float(64),
  'double precision': float(64),
  float8: float(64),
  float64: float(64),
  text,
  string: text,
  varchar: text,
  'character varying': text,
  nvarchar: text,
  char,
  character: char,
  bpchar: text,
  date: plain({ kind: 'date' }),
  time,
  'time without time zone': time,
  timestamp: timestamp(false),
  datetime: timestamp(false),
  timestamp_us: timestamp(false),
  'timestamp without time zone': timestamp(false),
  timestamptz: timestamp(true),
  'timestamp with time zone': timestamp(true),
  uuid: plain({ kind: 'uuid' }),
  bytea: plain({ kind: 'bytes' }),
  blob: plain({ kind: 'bytes' }),
  binary: plain({ kind: 'bytes' }),
  varbinary: plain({ kind: 'bytes' }),
  json: plain({ kind: 'json' }),
  jsonb: plain({ kind: 'json' }),
};

/** The name, its arguments wherever SQL puts them, the rest of the name, `[]`. */
const PATTERN =
  /^([a-z_][a-z0-9_ ]*?)\s*(?:\(\s*(\d+(?:\s*,\s*\d+)*)\s*\))?((?: [a-z]+)*)\s*((?:\[\d*\]\s*){0,4})$/;

const MAX_LENGTH = 200;

/**
 * Reads the type that a store gives a column, in any common spelling:
 * `int4`, `VARCHAR(10)`, `timestamp(3) with time zone`, `text[]`.
 *
 * @returns undefined when the spelling is not known
 * @public
 */
export function parsePhysicalType(spelling: string): FieldType | undefined {
  if (spelling.length > MAX_LENGTH) {
    return undefined;
  }
  const match = PATTERN.exec(
    spelling.trim().toLocaleLowerCase('en-US').replace(/\s+/g, ' '),
  );
  if (!match) {
    return undefined;
  }
  const [, head, argumentList, tail, brackets] = match;
  const name = `${head}${tail}`;
  const args = argumentList ? argumentList.split(',').map(Number) : [];
  const type = Object.hasOwn(spellings, name)
    ? spellings[name](args)
    : undefined;
  if (!type) {
    return undefined;
  }
  const dimensions = brackets.split('[').length - 1;
  return Array.from({ length: dimensions }).reduce<FieldType>(
    items => ({ kind: 'array', items }),
    type,
  );
}
