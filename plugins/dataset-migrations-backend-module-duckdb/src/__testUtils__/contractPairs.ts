import fc from 'fast-check';
import {
  Column,
  columnName,
  familyOf,
  FORMATS,
  TYPES,
  valuesOf,
} from './columnValues';

/** A generated contract of one table, and perhaps another one beside it. */
export interface Table {
  /** In the store. */
  name: string;
  columns: Column[];
  /** Names of the columns of the primary key. */
  key: string[];
  /** What is in the column `s`, a structure; nothing where there is none. */
  inside: Column[];
  /** Whether there is another table, `beside`. */
  beside: boolean;
}

const typeNames = Object.keys(TYPES) as Array<keyof typeof TYPES>;
const textTypes = typeNames.filter(type => familyOf({ type }) === 'text');
const formatNames = Object.keys(FORMATS) as Array<keyof typeof FORMATS>;

const PATTERNS = ['^[a-z]+$', '^[^@]*$', '^[A-Za-z0-9]*$'];

const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });
const bound = maybe(fc.integer({ min: -1, max: 2 }));

const promises = fc.record({
  // Of texts, the most may be promised.
  type: fc.constantFrom(...typeNames, ...textTypes, ...textTypes),
  required: fc.boolean(),
  unique: fc.boolean(),
  list: maybe(fc.subarray([0, 1, 2], { minLength: 1 })),
  low: bound,
  high: bound,
  shortest: maybe(fc.integer({ min: 0, max: 2 })),
  longest: maybe(fc.integer({ min: 2, max: 11 })),
  written: maybe(
    fc.oneof(
      fc.record({
        pattern: fc.constantFrom(...PATTERNS),
      }),
      fc.record({ format: fc.constantFrom(...formatNames) }),
    ),
  ),
  nulls: maybe(fc.integer({ min: 1, max: 3 })),
});

type Promises = typeof promises extends fc.Arbitrary<infer T> ? T : never;

/** What else than its type a contract may promise of a column. */
function promised(own: Partial<Promises> & Pick<Promises, 'type'>) {
  const { type, list, low, high, shortest, longest, written } = own;
  switch (familyOf({ type })) {
    case 'integer': {
      if (list) {
        return { enum: list };
      }
      const least = type.startsWith('u') ? 1 : Math.min(low ?? 0, 1);
      return {
        ...(low !== undefined && { minimum: least }),
        // More than any list has, so that a list that goes is felt.
        ...(high !== undefined && { maximum: high + 4 }),
      };
    }
    case 'text':
      return list
        ? { enum: list.map(index => 'abc'[index]) }
        : {
            ...(shortest !== undefined && { minLength: shortest }),
            ...(longest !== undefined && { maxLength: longest }),
            ...written,
          };
    case 'list':
      return {
        ...(shortest !== undefined && { minItems: shortest }),
        ...(longest !== undefined && { maxItems: Math.min(longest, 3) }),
      };
    default:
      return {};
  }
}

/** Only what the type can promise. */
function columnOf(
  column: Pick<Column, 'name' | 'id' | 'physicalName'>,
  own: Partial<Promises> & Pick<Promises, 'type'>,
): Column {
  const { type, required = false, unique = false, nulls } = own;
  const { name, id, physicalName } = column;
  const plain = { name, id, physicalName, type, required, unique, nulls };
  return kept({ ...plain, ...promised(own) });
}

/** What no value can keep is not promised. */
function kept(column: Column): Column {
  const { name, id, physicalName, type, required, unique, nulls } = column;
  return valuesOf(column).length > 0
    ? column
    : { name, id, physicalName, type, required, unique, nulls };
}

/** In a structure there are no rules for all rows. */
function asInner(column: Column): Column {
  return { ...column, unique: false, nulls: undefined };
}

export const arbitraryTable: fc.Arbitrary<Table> = fc
  .record({
    columns: fc.array(promises, { minLength: 2, maxLength: 4 }),
    inside: fc.array(promises, { maxLength: 2 }),
    keySize: fc.integer({ min: 0, max: 2 }),
    beside: fc.boolean(),
  })
  .map(({ columns, inside, keySize, beside }) => ({
    name: 't',
    columns: columns.map((own, index) =>
      columnOf({ name: `c${index}`, id: `i-c${index}` }, own),
    ),
    inside: inside.map((own, index) =>
      asInner(columnOf({ name: `x${index}`, id: `i-x${index}` }, own)),
    ),
    key: Array.from({ length: keySize }, (_, index) => `c${index}`),
    beside,
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
      inside: table.inside.map((one, i) =>
        i === inner ? asInner(change(one)) : one,
      ),
    };
  };

/** Another name for a column that is not of the key. */
const rename =
  (index: number, change: (column: Column) => Column): Mutation =>
  table =>
    changeOne(index, column =>
      table.key.includes(column.name) ? column : change(column),
    )(table);

const mutations: Record<
  string,
  (index: number, own: Promises, size: number) => Mutation
> = {
  type: (index, { type }) =>
    changeOne(index, ({ required, unique, nulls, ...column }) =>
      columnOf(column, { type, required, unique, nulls }),
    ),
  'type alike': (index, _own, size) =>
    changeOne(index, column => {
      const alike = typeNames.filter(
        type => familyOf({ type }) === familyOf(column),
      );
      const type =
        alike[(alike.indexOf(column.type) + 1 + size) % alike.length];
      const isUnsigned = type.startsWith('u') && column.minimum !== undefined;
      return kept({ ...column, type, ...(isUnsigned && { minimum: 1 }) });
    }),
  written: (_index, own, size) => table => ({
    ...table,
    columns: table.columns.map(column =>
      familyOf(column) === 'text' && !column.enum
        ? kept({
            ...column,
            pattern: undefined,
            format: undefined,
            ...(size === 1 ? own.written : otherWay(column, size)),
          })
        : column,
    ),
  }),
  promises: (index, own) =>
    changeOne(index, ({ type, required, unique, nulls, ...column }) =>
      columnOf(column, { ...own, type, required, unique, nulls }),
    ),
  null: index =>
    changeOne(index, column => ({ ...column, required: !column.required })),
  unique: index =>
    changeOne(index, column => ({ ...column, unique: !column.unique })),
  nulls: (index, _own, size) =>
    changeOne(index, column => ({
      ...column,
      nulls: size > 0 ? ((column.nulls ?? 0) % 3) + size : undefined,
    })),
  key: (_index, _own, size) => table => ({
    ...table,
    key: table.columns.slice(0, size).map(({ name }) => name),
  }),
  rename: index =>
    rename(index, column => ({
      ...column,
      name: `${column.name}r`,
      ...(column.physicalName !== undefined && {
        physicalName: `${column.physicalName}r`,
      }),
    })),
  'rename in the contract': index =>
    rename(index, column => ({
      ...column,
      name: `${column.name}l`,
      physicalName: columnName(column),
    })),
  // What is in a structure has the name of the contract.
  'rename in the store': index => table =>
    rename(index % table.columns.length, column => ({
      ...column,
      physicalName: `${columnName(column)}p`,
    }))(table),
  remove: index => table => removed(table, index),
  add: (_index, own) => table => {
    const name = `added${table.columns.length}`;
    const added = columnOf({ name, id: `i-${name}` }, own);
    return { ...table, columns: [...table.columns, added] };
  },
  move: () => moved,
  order: () => table => ({ ...table, columns: [...table.columns].reverse() }),
  object: () => table => ({ ...table, name: `${table.name}2` }),
  beside: () => table => ({ ...table, beside: !table.beside }),
};

const arbitraryMutation: fc.Arbitrary<Mutation> = fc
  .record({
    what: fc.constantFrom(...Object.keys(mutations), 'written'),
    index: fc.nat({ max: 5 }),
    own: promises,
    size: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ what, index, own, size }) => mutations[what](index, own, size));

/** Not by a pattern or format, or by another one of the same kind. */
function otherWay({ pattern, format }: Column, size: number) {
  if (size === 0) {
    return {};
  }
  return {
    pattern: pattern && after(pattern, PATTERNS),
    format: format && after(format, formatNames),
  };
}

function after<T>(one: T, all: readonly T[]): T {
  return all[(all.indexOf(one) + 1) % all.length];
}

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
        inside: [...table.inside, asInner(last)],
      };
}

/** A contract, and one that somebody made of it. */
export const arbitraryPair: fc.Arbitrary<{ from: Table; to: Table }> = fc
  .tuple(
    arbitraryTable,
    fc.array(arbitraryMutation, { minLength: 1, maxLength: 2 }),
  )
  .map(([from, all]) => ({
    from,
    to: all.reduce((table, mutate) => mutate(table), from),
  }));
