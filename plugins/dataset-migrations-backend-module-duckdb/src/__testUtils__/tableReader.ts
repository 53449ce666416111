import { Column, Table, TYPES } from './contractPairs';

type Literal = string | number;

/** Literals of values that keep what a column promises, extreme ones first. */
function valuesOf({ type, enum: list, minimum, maximum }: Column): Literal[] {
  const values: readonly Literal[] = TYPES[type].values;
  if (list) {
    return list.map(value =>
      typeof value === 'string' ? `'${value}'` : value,
    );
  }
  const near = [minimum, maximum].filter(
    value => value !== undefined && (value >= 0 || !type.startsWith('u')),
  );
  return [...new Set([...near, ...values].map(String))].filter(
    value =>
      (minimum === undefined || Number(value) >= minimum) &&
      (maximum === undefined || Number(value) <= maximum),
  );
}

function literal(column: Column, index: number): string {
  const values = valuesOf(column);
  const all = column.required || column.unique ? values : [...values, 'NULL'];
  return `CAST(${all[index % all.length]} AS ${column.type})`;
}

const quoted = (name: string) => `"${name}"`;

/**
 * SQL of rows that keep all that a contract promises, and nothing beyond it:
 * extreme values come, NULL where it may, and the same value twice where it may.
 */
export function rowsOf({ columns, inside, key }: Table): string {
  const isDistinct = (column: Column) =>
    column.unique || (key.length === 1 && key[0] === column.name);
  const inKey = (column: Column): Column =>
    key.includes(column.name) ? { ...column, required: true } : column;
  const all = columns.map(inKey);
  const distinct = all.filter(isDistinct).map(one => valuesOf(one).length);
  const [first, second] = key.map(
    name => valuesOf(all.find(column => column.name === name)!).length,
  );
  const most = Math.min(8, ...distinct, second ? first * second : Infinity);
  const indexOf = (column: Column, row: number) =>
    second && column.name === key[1] && !isDistinct(column)
      ? Math.floor(row / first)
      : row;
  const rows = Array.from({ length: most }, (_, row) => {
    const values = all.map(column => literal(column, indexOf(column, row)));
    const parts = inside.map(
      column => `${quoted(column.name)} := ${literal(column, row)}`,
    );
    const structure =
      parts.length > 0 ? [`struct_pack(${parts.join(', ')})`] : [];
    return `(${[...values, ...structure].join(', ')})`;
  });
  const names = [
    ...all.map(({ name }) => quoted(name)),
    ...(inside.length > 0 ? ['s'] : []),
  ];
  return `SELECT * FROM (VALUES ${rows.join(', ')}) AS t(${names.join(', ')})`;
}

/**
 * SQL by which a reader of a contract reads rows: one row that tells of each
 * promise whether it found it broken. Where a column is not there, the store
 * refuses it.
 */
export function readerOf(
  { columns, inside, key }: Table,
  rows: string,
): string {
  const checks = [
    ...columns.flatMap(column => checksOf(column, quoted(column.name), key)),
    ...inside.flatMap(column => checksOf(column, `s.${quoted(column.name)}`)),
    ...(key.length > 0
      ? [
          `count(*) > count(DISTINCT (${[...key, key[0]]
            .map(quoted)
            .join(', ')})) AS "key"`,
        ]
      : []),
  ];
  return `SELECT ${checks.join(', ')} FROM (${rows})`;
}

/**
 * The types, as `typeof` spells them, in which a column may come: they are of its
 * kind and hold the extreme values that were there before.
 */
function typesFor({ type }: Column): string[] {
  const { family, values } = TYPES[type];
  return Object.entries(TYPES)
    .filter(([, other]) => other.family === family)
    .filter(([other, { values: held }]) =>
      family === 'integer'
        ? holds(held, values)
        : !(type === 'double' && other === 'real'),
    )
    .map(([other]) =>
      other === 'real' ? 'FLOAT' : other.toLocaleUpperCase('en-US'),
    );
}

/** Whether integers lie between the extremes of others. */
function holds(held: readonly Literal[], values: readonly Literal[]): boolean {
  const limits = held.map(BigInt);
  return values
    .map(BigInt)
    .every(
      value =>
        limits.some(limit => limit <= value) &&
        limits.some(limit => limit >= value),
    );
}

function checksOf(column: Column, value: string, key: string[] = []): string[] {
  const { minimum, maximum, enum: list, name } = column;
  const of = (what: string, wrong: string) => `${wrong} AS "${what} ${name}"`;
  const outside = [
    ...(minimum === undefined ? [] : [`${value} < ${minimum}`]),
    ...(maximum === undefined ? [] : [`${value} > ${maximum}`]),
  ];
  const known = (list ?? []).map(item =>
    typeof item === 'string' ? `'${item}'` : item,
  );
  const types = typesFor(column).map(type => `'${type}'`);
  return [
    of(
      'type',
      `coalesce(bool_or(typeof(${value}) NOT IN (${types.join(', ')})), false)`,
    ),
    ...(column.required || key.includes(name)
      ? [of('null', `bool_or(${value} IS NULL)`)]
      : []),
    ...(column.unique
      ? [of('unique', `count(${value}) > count(DISTINCT ${value})`)]
      : []),
    ...(outside.length > 0
      ? [of('range', `coalesce(bool_or(${outside.join(' OR ')}), false)`)]
      : []),
    ...(known.length > 0
      ? [
          of(
            'enum',
            `coalesce(bool_or(${value} NOT IN (${known.join(', ')})), false)`,
          ),
        ]
      : []),
  ];
}
