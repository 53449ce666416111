import fc from 'fast-check';

/** A column of a generated contract. */
export interface Column {
  name: string;
  id: string;
  /** In DuckDB's words. */
  type: keyof typeof TYPES;
  required: boolean;
  unique: boolean;
  enum?: number[] | string[];
  minimum?: number;
  maximum?: number;
}

/** A generated contract of one table. */
export interface Table {
  columns: Column[];
  /** Names of the columns of the primary key. */
  key: string[];
  /** What is in the column `s`, a structure; nothing where there is none. */
  inside: Column[];
}

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
  varchar: { family: 'text', values: ["'a'", "'b'", "'c'", "'long text'"] },
  boolean: { family: 'boolean', values: ['true', 'false'] },
  date: { family: 'date', values: ["'2026-01-01'", "'1970-01-01'"] },
  timestamp: {
    family: 'timestamp',
    values: ["'2026-01-01 01:02:03.123456'", "'1970-01-01 00:00:00'"],
  },
} as const;

const typeNames = Object.keys(TYPES) as Array<keyof typeof TYPES>;

export function familyOf({ type }: Column): string {
  return TYPES[type].family;
}

const bound = fc.option(fc.integer({ min: -1, max: 2 }), { nil: undefined });

const promises = fc.record({
  type: fc.constantFrom(...typeNames),
  required: fc.boolean(),
  unique: fc.boolean(),
  list: fc.option(fc.subarray([0, 1, 2], { minLength: 1 }), { nil: undefined }),
  low: bound,
  high: bound,
});

function columnOf(
  name: string,
  { list, low, high, ...own }: Parameters<typeof promised>[0],
): Column {
  return { name, id: `i-${name}`, ...promised({ list, low, high, ...own }) };
}

/** Only what the type can promise, and what some value can keep. */
function promised(own: {
  type: keyof typeof TYPES;
  required: boolean;
  unique: boolean;
  list?: number[];
  low?: number;
  high?: number;
}): Omit<Column, 'name' | 'id'> {
  const { type, required, unique, list, low, high } = own;
  const { family } = TYPES[type];
  const text = list?.map(index => 'abc'[index]);
  return {
    type,
    required,
    unique,
    ...(list && family === 'integer' && { enum: list }),
    ...(text && family === 'text' && { enum: text }),
    ...(!list &&
      family === 'integer' && {
        ...(low !== undefined && { minimum: Math.min(low, 1) }),
        ...(high !== undefined && { maximum: Math.max(high, 1) }),
      }),
  };
}

export const arbitraryTable: fc.Arbitrary<Table> = fc
  .record({
    columns: fc.array(promises, { minLength: 2, maxLength: 4 }),
    inside: fc.array(promises, { maxLength: 2 }),
    keySize: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ columns, inside, keySize }) => ({
    columns: columns.map((own, index) => columnOf(`c${index}`, own)),
    inside: inside.map((own, index) => ({
      ...columnOf(`x${index}`, own),
      unique: false,
    })),
    key: Array.from({ length: keySize }, (_, index) => `c${index}`),
  }));

/** One thing that somebody does to a contract. */
type Mutation = (table: Table) => Table;

const changeOne =
  (index: number, change: (column: Column) => Column): Mutation =>
  table => {
    const at = index % (table.columns.length + table.inside.length);
    const inner = at - table.columns.length;
    return {
      ...table,
      columns: table.columns.map((one, i) => (i === at ? change(one) : one)),
      inside: table.inside.map((one, i) => (i === inner ? change(one) : one)),
    };
  };

const remade = (column: Column, own: Parameters<typeof promised>[0]) => ({
  name: column.name,
  id: column.id,
  ...promised(own),
});

const arbitraryMutation: fc.Arbitrary<Mutation> = fc
  .record({
    what: fc.constantFrom(
      'type',
      'promises',
      'null',
      'unique',
      'key',
      'rename',
      'remove',
      'add',
      'move',
      'order',
    ),
    index: fc.nat({ max: 5 }),
    own: promises,
    keySize: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ what, index, own, keySize }): Mutation => {
    switch (what) {
      case 'type':
        return changeOne(index, column =>
          remade(column, { ...column, type: own.type }),
        );
      case 'promises':
        return changeOne(index, column =>
          remade(column, {
            ...own,
            type: column.type,
            required: column.required,
            unique: column.unique,
          }),
        );
      case 'null':
        return changeOne(index, column => ({
          ...column,
          required: !column.required,
        }));
      case 'unique':
        return changeOne(index, column => ({
          ...column,
          unique: column.name.startsWith('c') && !column.unique,
        }));
      case 'key':
        return table => ({
          ...table,
          key: table.columns.slice(0, keySize).map(({ name }) => name),
        });
      case 'rename':
        return table =>
          changeOne(index, column =>
            table.key.includes(column.name)
              ? column
              : { ...column, name: `${column.name}r` },
          )(table);
      case 'remove':
        return table => removed(table, index);
      case 'add':
        return table => ({
          ...table,
          columns: [
            ...table.columns,
            columnOf(`added${table.columns.length}`, own),
          ],
        });
      case 'move':
        return moved;
      default:
        return table => ({ ...table, columns: [...table.columns].reverse() });
    }
  });

function removed(table: Table, index: number): Table {
  const free = table.columns.filter(({ name }) => !table.key.includes(name));
  const gone = free[index % Math.max(free.length, 1)];
  return table.columns.length > 1
    ? { ...table, columns: table.columns.filter(column => column !== gone) }
    : table;
}

/** The last column goes into the structure, if that is not its key. */
function moved(table: Table): Table {
  const last = table.columns[table.columns.length - 1];
  return table.columns.length < 2 ||
    table.inside.length === 0 ||
    table.key.includes(last.name)
    ? table
    : {
        ...table,
        columns: table.columns.slice(0, -1),
        inside: [...table.inside, { ...last, unique: false }],
      };
}

/** A contract, and one that somebody made of it. */
export const arbitraryPair: fc.Arbitrary<{ from: Table; to: Table }> = fc
  .tuple(
    arbitraryTable,
    fc.array(arbitraryMutation, { minLength: 1, maxLength: 2 }),
  )
  .map(([from, mutations]) => ({
    from,
    to: mutations.reduce((table, mutate) => mutate(table), from),
  }));
