/** A column of a generated contract. */
export interface Column {
  name: string;
  /** What it is called in the store, where that is another name. */
  physicalName?: string;
  id: string;
  /** In DuckDB's words. */
  type: keyof typeof TYPES;
  required: boolean;
  unique: boolean;
  enum?: number[] | string[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  format?: keyof typeof FORMATS;
  /** How many rows may have NULL, as a rule of quality. */
  nulls?: number;
}

export type Literal = string | number;

const TEXTS = [
  '',
  'a',
  'b',
  'c',
  'A1',
  'zz',
  'abcd',
  'long text',
  'a@b',
  'x:',
].map(text => `'${text}'`);
const LISTS = ['[]', '[1]', '[1, 2]', '[1, 2, 3]', '[1, 2, 3, 4]'];

/** Types with literals of extreme and of usual values, and what clients get. */
export const TYPES = {
  tinyint: { family: 'integer', values: [-128, 127, 0, 1, 2] },
  smallint: { family: 'integer', values: [-32768, 32767, 0, 1, 2] },
  integer: { family: 'integer', values: [-2147483648, 2147483647, 0, 1, 2] },
  bigint: {
    family: 'integer',
    values: ['-9223372036854775808', '9223372036854775807', 0, 1, 2],
  },
  utinyint: { family: 'integer', values: [0, 255, 1, 2] },
  uinteger: { family: 'integer', values: [0, 4294967295, 1, 2] },
  real: { family: 'float', values: ['3e38', '-1.5', 0, 1] },
  double: { family: 'float', values: ['1e300', '-1.5', 0, 1] },
  'decimal(5,2)': { family: 'decimal', values: ['999.99', '-999.99', 0, 1] },
  'decimal(10,2)': { family: 'decimal', values: ['99999999.99', '-1.5', 0] },
  varchar: { family: 'text', values: TEXTS },
  'varchar(4)': { family: 'text', values: TEXTS },
  'varchar(2)': { family: 'text', values: TEXTS },
  'integer[]': { family: 'list', values: LISTS },
  'bigint[]': { family: 'list', values: LISTS },
  boolean: { family: 'boolean', values: ['true', 'false'] },
  date: { family: 'date', values: ["'2026-01-01'", "'1970-01-01'"] },
  timestamp: {
    family: 'timestamp',
    values: ["'2026-01-01 01:02:03.123456'", "'1970-01-01 00:00:00'"],
  },
} as const;

/** What texts of a format look like, as far as the tests need it. */
export const FORMATS = {
  email: '^[^@ ]+@[^@ ]+$',
  uri: '^[a-z]+:.*$',
} as const;

export function familyOf({ type }: Pick<Column, 'type'>): string {
  return TYPES[type].family;
}

/** The column's name in the store. */
export function columnName({ name, physicalName }: Column): string {
  return physicalName ?? name;
}

/** The longest text that it holds: DuckDB lets texts be longer than their type says. */
export function longest({ type, maxLength }: Column): number {
  const [, length = Infinity] = /^varchar\((\d+)\)$/.exec(type) ?? [];
  return Math.min(Number(length), maxLength ?? Infinity);
}

/** The patterns that its texts match. */
export function patternsOf({ pattern, format }: Column): string[] {
  return [
    ...(pattern === undefined ? [] : [pattern]),
    ...(format === undefined ? [] : [FORMATS[format]]),
  ];
}

/**
 * Literals of values that keep what a column promises, NULL aside: first those that
 * another version of it does not allow, then extreme ones.
 */
export function valuesOf(column: Column, against?: Column): Literal[] {
  const { type, enum: list, minimum, maximum } = column;
  const near = [minimum, maximum].filter(
    value => value !== undefined && (value >= 0 || !type.startsWith('u')),
  );
  const all: readonly Literal[] = list
    ? list.map(value => (typeof value === 'string' ? `'${value}'` : value))
    : [...near, ...TYPES[type].values].map(String);
  const kept = [...new Set(all)].filter(value => keeps(column, value));
  return against
    ? [
        ...kept.filter(value => !keeps(against, value)),
        ...kept.filter(value => keeps(against, value)),
      ]
    : kept;
}

/** Whether a column's promises, its type aside, hold for a value. */
function keeps(column: Column, value: Literal): boolean {
  const { enum: list, minimum = -Infinity, maximum = Infinity } = column;
  const { minLength = 0, minItems = 0, maxItems = Infinity } = column;
  const text = String(value).replace(/^'|'$/g, '');
  switch (familyOf(column)) {
    case 'text':
      return (
        text.length >= minLength &&
        text.length <= longest(column) &&
        (!list || list.some(item => item === text)) &&
        patternsOf(column).every(pattern => new RegExp(pattern).test(text))
      );
    case 'list': {
      const items = text === '[]' ? 0 : text.split(',').length;
      return items >= minItems && items <= maxItems;
    }
    default:
      return (
        (!list || list.some(item => String(item) === text)) &&
        !(Number(text) < minimum) &&
        !(Number(text) > maximum)
      );
  }
}
