import {
  asExpression,
  Data,
  dottedName,
  Expression,
  isObject,
  listOf,
  nameOf,
  textsBelow,
} from './ast';
import { QueryReader } from './QueryReader';
import { Relation, unknownRelation } from './relations';
import { readReferences } from './readReferences';
import { Scope } from './Scope';
import { TableNames } from './TableNames';

/** Statements around others: `EXPLAIN`, `CACHE TABLE … AS`. */
const WRAPPERS = new Set(['cache', 'describe', 'explain', 'export', 'prepare']);

/** Statements that may name a table, but none of its columns. */
const HARMLESS = new Set(['drop_table', 'truncate', 'truncate_table']);

/**
 * Reads one statement.
 *
 * @returns why it is not known what it reads; undefined when it is
 */
export function readStatement(
  value: unknown,
  reader: QueryReader,
  tables: TableNames,
  parent?: Scope,
): string | undefined {
  const statement = asExpression(value);
  if (!statement) {
    return undefined;
  }
  const { kind, data } = statement;
  const scope = new Scope(parent);
  if (reader.isQuery(statement) || ['pivot', 'table'].includes(kind)) {
    readWhole(reader, value, scope);
  } else if (kind === 'paren') {
    return readStatement(data.this, reader, tables, parent);
  } else if (kind === 'create_table') {
    reader.with(data.with_cte, scope);
    readWhole(reader, data.as_select, scope);
    readReferences(data, reader);
  } else if (kind === 'create_view') {
    readWhole(reader, data.query, scope);
  } else if (kind === 'insert') {
    insert(data, reader, scope);
  } else if (kind === 'update') {
    update(data, reader, scope);
  } else if (kind === 'delete') {
    remove(data, reader, scope);
  } else if (kind === 'merge') {
    merge(data, reader, scope);
  } else if (kind === 'copy') {
    copy(data, reader, scope);
  } else if (kind === 'comment') {
    comment(data, reader);
  } else if (kind === 'grant' || kind === 'revoke') {
    for (const { columns } of listOf(data.privileges)) {
      writeNames(reader, { name: data.securable }, columns);
    }
  } else if (kind === 'analyze') {
    writeNames(reader, asExpression(data.this)?.data, data.columns);
  } else if (WRAPPERS.has(kind)) {
    reader.walk(data, scope);
  } else if (!HARMLESS.has(kind) && isNamedBelow(statement, tables)) {
    return `a statement of the kind ${kind.replace(
      /_/g,
      ' ',
    )} is not understood`;
  }
  return undefined;
}

/** A query whose results leave the text: all of them count. */
function readWhole(reader: QueryReader, query: unknown, scope: Scope): void {
  reader.query(query, scope).readAll(1);
}

/** Into a file or out of it, of a query or of a table, perhaps with its columns. */
function copy(data: Data, reader: QueryReader, scope: Scope): void {
  const copied = asExpression(data.this);
  if (copied?.kind === 'schema') {
    const target = targetOf(reader, copied.data.this);
    for (const column of listOf(copied.data.expressions)) {
      write(reader, target, asExpression(column)?.data);
    }
  } else {
    readWhole(reader, data.this, scope);
  }
  reader.walk(data.files, scope);
}

/** Who writes into a dataset uses the fields it writes. */
function insert(data: Data, reader: QueryReader, scope: Scope): void {
  reader.with(data.with, scope);
  const target = targetOf(reader, { table: data.table });
  const columns = listOf(data.columns);
  if (columns.length > 0) {
    columns.forEach(column => write(reader, target, column));
  } else {
    target.readAll(reader.at(data.table));
  }
  readWhole(reader, data.query ?? data.source, scope);
  const inner = new Scope(scope);
  inner.add([nameOf(data.table?.name), 'excluded'], target);
  reader.walk([data.values, data.returning, data.on_conflict], inner);
}

function update(data: Data, reader: QueryReader, scope: Scope): void {
  reader.with(data.with, scope);
  reader.sources.read({ table: data.table }, scope);
  listOf(data.extra_tables).forEach(table =>
    reader.sources.read({ table }, scope),
  );
  listOf(data.table_joins).forEach(join => reader.sources.join(join, scope));
  listOf(data.from_clause?.expressions).forEach(item =>
    reader.sources.read(item, scope),
  );
  listOf(data.from_joins).forEach(join => reader.sources.join(join, scope));
  // It may be the alias of a table that comes after FROM.
  const name = nameOf(data.table?.alias) ?? nameOf(data.table?.name) ?? '';
  for (const [column, value] of listOf(data.set)) {
    scope
      .relationsNamed([name])
      .forEach(target => write(reader, target, column));
    reader.walk(value, scope);
  }
  reader.walk([data.where_clause, data.returning, data.output], scope);
}

function remove(data: Data, reader: QueryReader, scope: Scope): void {
  reader.with(data.with, scope);
  const table = { ...data.table, ...(data.alias && { alias: data.alias }) };
  reader.sources.read({ table }, scope);
  listOf(data.using).forEach(one => reader.sources.read({ table: one }, scope));
  listOf(data.joins).forEach(join => reader.sources.join(join, scope));
  reader.walk([data.where_clause, data.returning, data.output], scope);
}

function merge(data: Data, reader: QueryReader, scope: Scope): void {
  reader.with(asExpression(data.with_)?.data ?? data.with_, scope);
  reader.sources.read(data.this, scope);
  const [target] = scope.relations;
  reader.sources.read(data.using, scope);
  reader.walk([data.on, data.using_cond], scope);
  const whens = asExpression(data.whens)?.data.expressions;
  for (const when of listOf(whens).map(asExpression)) {
    reader.walk(when?.data.condition, scope);
    mergeAction(when?.data.then, { reader, target, scope });
  }
  reader.walk(data.returning, scope);
}

/**
 * `UPDATE SET a = x` and `INSERT (a) VALUES (x)`, both of which the parser gives as
 * lists: the columns on the left are the target's.
 */
function mergeAction(
  action: unknown,
  context: { reader: QueryReader; target: Relation; scope: Scope },
): void {
  const { reader, target, scope } = context;
  const [verb, ...parts] = listOf(asExpression(action)?.data.expressions);
  const isInsert = asExpression(verb)?.data.this === 'INSERT';
  const tuples = parts.map(asExpression);
  const named = tuples.filter(part => part?.kind === 'tuple');
  if (isInsert && named.length > 1) {
    listOf(named[0]?.data.expressions).forEach(column =>
      write(reader, target, asExpression(column)?.data),
    );
    reader.walk(parts.slice(1), scope);
    return;
  }
  for (const part of parts) {
    const items = asExpression(part)?.data.expressions ?? [part];
    for (const item of listOf(items)) {
      const assignment = asExpression(item);
      if (!isInsert && assignment?.kind === 'eq') {
        write(reader, target, asExpression(assignment.data.left)?.data);
        reader.walk(assignment.data.right, scope);
      } else {
        reader.walk(item, scope);
      }
    }
  }
}

/** `COMMENT ON COLUMN flights.delay`. */
function comment(data: Data, reader: QueryReader): void {
  const about = asExpression(data.this);
  const parts = about && dottedName(about)?.flatMap(part => part.split('.'));
  if (parts && parts.length > 1 && String(data.kind) === 'COLUMN') {
    const [column, name, schema] = [...parts].reverse();
    const table = {
      name: { name },
      ...(schema && { schema: { name: schema } }),
    };
    writeNames(reader, table, [column]);
  }
}

/** Columns that are named by texts alone, as in `GRANT SELECT (delay)`. */
function writeNames(
  reader: QueryReader,
  table: Data | undefined,
  columns: unknown,
): void {
  const names = listOf(columns);
  if (table && names.length > 0) {
    const target = targetOf(reader, { table });
    names.forEach(name => write(reader, target, asIdentifier(name)));
  }
}

function asIdentifier(name: unknown): Data | undefined {
  return isObject(name) ? name : { name: String(name) };
}

function targetOf(reader: QueryReader, table: unknown): Relation {
  const scope = new Scope();
  reader.sources.read(table, scope);
  return scope.relations[0] ?? unknownRelation;
}

/** @param column - a name, or a column that may be qualified */
function write(
  reader: QueryReader,
  target: Relation,
  column: Data | undefined,
): void {
  const name = nameOf(column) ?? nameOf(column?.name);
  if (name !== undefined) {
    target.read(name.split('.').pop()!, [], reader.at(column));
  }
}

function isNamedBelow(statement: Expression, tables: TableNames): boolean {
  for (const text of textsBelow(statement.data)) {
    if (tables.isNamedIn(text)) {
      return true;
    }
  }
  return false;
}
