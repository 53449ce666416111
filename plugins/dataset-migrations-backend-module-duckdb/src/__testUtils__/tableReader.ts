import { ident, literal } from '../sql/quote';
import {
  Column,
  columnName,
  familyOf,
  Literal,
  longest,
  patternsOf,
  TYPES,
  valuesOf,
} from './columnValues';
import { Table } from './contractPairs';

/** A column as its table has it: there is no NULL in a key. */
function inTable({ key }: Table, column: Column): Column {
  return key.includes(column.name) ? { ...column, required: true } : column;
}

function isDistinct({ key }: Table, column: Column): boolean {
  return column.unique || (key.length === 1 && key[0] === column.name);
}

/** A value for each row, as SQL. */
function valuesFor(
  column: Column,
  against: Column | undefined,
): (row: number) => string {
  const values = valuesOf(column, against);
  const all = [...values];
  if (!column.required) {
    if (against?.required) {
      all.unshift('NULL');
    } else if (!column.unique) {
      all.push('NULL');
    }
  }
  const { nulls = Infinity } = column;
  // Behind the first value, more than the other version allows.
  const early =
    all[all.length - 1] !== 'NULL' || against?.nulls === undefined
      ? 0
      : Math.min(nulls, against.nulls + 1);
  return row => {
    const index = Math.max(row - early, 0);
    const isEarly = row > 0 && row <= early;
    const value = isEarly ? 'NULL' : all[index % all.length];
    const isTooMany =
      !isEarly &&
      value === 'NULL' &&
      early + Math.floor(index / all.length) >= nulls;
    return `CAST(${isTooMany ? values[0] : value} AS ${column.type})`;
  };
}

/**
 * SQL of rows that keep all that a contract promises, and nothing beyond it: NULL where it
 * may, the same value twice where it may, extreme values, and before them those that
 * another version does not allow.
 *
 * @param against - the other version
 */
export function rowsOf(table: Table, against: Table): string {
  const { columns, inside, key } = table;
  const all = columns.map(column => inTable(table, column));
  const others = new Map(
    [
      ...against.columns.map(column => inTable(against, column)),
      ...against.inside,
    ].map(column => [column.id, column] as const),
  );
  const distinct = all
    .filter(column => isDistinct(table, column))
    .map(column => valuesOf(column).length);
  const [first, second] = key.map(
    name => valuesOf(all.find(column => column.name === name)!).length,
  );
  const most = Math.min(8, ...distinct, second ? first * second : Infinity);
  const indexOf = (column: Column, row: number) => {
    const other = others.get(column.id);
    if (isDistinct(table, column)) {
      return row;
    }
    if (key.includes(column.name)) {
      return second && column.name === key[1] ? Math.floor(row / first) : row;
    }
    // Who relied on them being different meets the same one.
    return other && isDistinct(against, other) ? 0 : row;
  };
  const valueOf = new Map(
    [...all, ...inside].map(column => [
      column,
      valuesFor(column, others.get(column.id)),
    ]),
  );
  const rows = Array.from({ length: most }, (_, row) => {
    const values = all.map(column =>
      valueOf.get(column)!(indexOf(column, row)),
    );
    const parts = inside.map(
      column => `${ident(column.name)} := ${valueOf.get(column)!(row)}`,
    );
    const structure =
      parts.length > 0 ? [`struct_pack(${parts.join(', ')})`] : [];
    return `(${[...values, ...structure].join(', ')})`;
  });
  const names = [
    ...all.map(column => ident(columnName(column))),
    ...(inside.length > 0 ? ['s'] : []),
  ];
  return `SELECT * FROM (VALUES ${rows.join(', ')}) AS t(${names.join(', ')})`;
}

/**
 * SQL by which a reader of a contract reads the tables of another: one row that tells of
 * each promise whether it found it broken. Where a table or a column is not there, the
 * store refuses it.
 *
 * @param rows - of the table that is read, as {@link rowsOf} makes them
 */
export function readerOf(reader: Table, written: Table, rows: string): string {
  const { name, columns, inside, key, beside } = reader;
  const keyColumns = columns
    .filter(column => key.includes(column.name))
    .map(columnName);
  const checks = [
    ...columns.flatMap(column =>
      checksOf(inTable(reader, column), ident(columnName(column))),
    ),
    ...inside.flatMap(column => checksOf(column, `s.${ident(column.name)}`)),
    ...(keyColumns.length > 0
      ? [
          `count(*) > count(DISTINCT (${[...keyColumns, keyColumns[0]]
            .map(ident)
            .join(', ')})) AS "key"`,
        ]
      : []),
    ...(beside ? ['(SELECT count(id) FROM beside) = 0 AS beside'] : []),
  ];
  const tables = [
    `${ident(written.name)} AS (${rows})`,
    ...(written.beside ? ['beside AS (SELECT 1::integer AS id)'] : []),
  ];
  return `WITH ${tables.join(', ')} SELECT ${checks.join(', ')} FROM ${ident(
    name,
  )}`;
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
        : !(type === 'double' && other === 'real') &&
          !(type === 'bigint[]' && other === 'integer[]'),
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

function checksOf(column: Column, value: string): string[] {
  const { required, unique, nulls, enum: list, name } = column;
  const types = typesFor(column).map(one => `'${one}'`);
  const known = (list ?? []).map(item =>
    typeof item === 'string' ? literal(item) : item,
  );
  const isAny = (wrong: string[]) =>
    wrong.length > 0 && `coalesce(bool_or(${wrong.join(' OR ')}), false)`;
  const checks = {
    type: isAny([`typeof(${value}) NOT IN (${types.join(', ')})`]),
    null: required && `bool_or(${value} IS NULL)`,
    nulls: nulls !== undefined && `count(*) - count(${value}) > ${nulls}`,
    unique: unique && `count(${value}) > count(DISTINCT ${value})`,
    range: isAny(outside(column, value)),
    length: isAny(
      longest(column) < Infinity
        ? [`length(${value}) > ${longest(column)}`]
        : [],
    ),
    written: isAny(
      patternsOf(column).map(
        pattern => `NOT regexp_matches(${value}, ${literal(pattern)})`,
      ),
    ),
    enum: isAny(
      known.length > 0 ? [`${value} NOT IN (${known.join(', ')})`] : [],
    ),
  };
  return Object.entries(checks).flatMap(([what, wrong]) =>
    wrong ? [`${wrong} AS ${ident(`${what} ${name}`)}`] : [],
  );
}

/** What is below or above a limit of a number, of a text or of a list. */
function outside(column: Column, value: string): string[] {
  const { minimum, maximum, minLength, minItems, maxItems } = column;
  const length = `length(${value})`;
  const size = familyOf(column) === 'list' ? `len(${value})` : length;
  return [
    ...(minimum === undefined ? [] : [`${value} < ${minimum}`]),
    ...(maximum === undefined ? [] : [`${value} > ${maximum}`]),
    ...(minLength === undefined ? [] : [`${length} < ${minLength}`]),
    ...(minItems === undefined ? [] : [`${size} < ${minItems}`]),
    ...(maxItems === undefined ? [] : [`${size} > ${maxItems}`]),
  ];
}
