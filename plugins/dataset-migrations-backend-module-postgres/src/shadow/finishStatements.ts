import { ident, literal } from '../connection/sql';
import { RunContext } from '../RunContext';
import { RowIdentity } from '../sync/rowIdentity';
import { keysOf, namesOf } from '../table/keys';
import { columnName } from '../table/layout';
import { IndexDefinition, TableDefinition } from '../table/TableDefinition';

/**
 * Index on what tells rows apart, where no key of the new version is one;
 * stays only until the cut over.
 */
export const IDENTITY_INDEX = 'skein_identity';

/**
 * The statements that complete the shadow once all rows are in it, in their
 * order. Keys and indexes are built then, as rows that go into a table with a
 * key cost twice as much.
 *
 * @param before - the source
 * @param altered - a table of the source's definition with the target's columns
 * @param identity - columns by which written rows will be looked for
 */
export function finishStatements(
  context: RunContext,
  before: TableDefinition,
  altered: TableDefinition,
  identity: RowIdentity | undefined,
): string[] {
  const { shadow, run } = context;
  const keys = keysOf(run.mapping);
  const obsolete = new Set(
    before.indexes
      .filter(
        index =>
          (keys.primary !== undefined && index.primary) ||
          isOnlyOn(before, index, keys.noLongerUnique),
      )
      .map(({ name }) => name),
  );
  const indexes = altered.indexes.filter(({ name }) => !obsolete.has(name));
  const has = (columns: string[]) =>
    indexes.some(
      index =>
        index.unique &&
        index.plain &&
        sameNames(namesOf(altered, index), columns),
    );

  const statements = indexes.flatMap(index =>
    indexStatements(context, before, index),
  );

  const primary = keys.primary?.map(columnName) ?? [];
  if (primary.length > 0) {
    statements.push(
      `ALTER TABLE ${shadow} ADD PRIMARY KEY (${primary
        .map(ident)
        .join(', ')})`,
    );
  }
  for (const field of keys.newUnique) {
    const column = columnName(field);
    if (!has([column]) && !sameNames(primary, [column])) {
      statements.push(`ALTER TABLE ${shadow} ADD UNIQUE (${ident(column)})`);
    }
  }
  const names = identity?.map(({ target }) => target.name);
  if (names && !has(names) && !sameNames(primary, names)) {
    statements.push(
      `CREATE INDEX ${IDENTITY_INDEX} ON ${shadow} (${names
        .map(ident)
        .join(', ')})`,
    );
  }
  return [...statements, `ANALYZE ${shadow}`];
}

/** Builds an index with what belongs to it and is not in its definition. */
function indexStatements(
  { shadow, next }: RunContext,
  before: TableDefinition,
  { name, unique, body }: IndexDefinition,
): string[] {
  const original = before.indexes.find(index => index.name === name)!;
  const constraint = before.constraints.find(
    other => other.name === name && ['p', 'u'].includes(other.kind),
  );
  const statements = [
    `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${ident(
      name,
    )} ON ${shadow} ${body}`,
  ];
  if (constraint) {
    const kind = constraint.kind === 'p' ? 'PRIMARY KEY' : 'UNIQUE';
    const deferrable = constraint.deferrable ? ' DEFERRABLE' : '';
    const deferred = constraint.deferred ? ' INITIALLY DEFERRED' : '';
    statements.push(
      `ALTER TABLE ${shadow} ADD CONSTRAINT ${ident(
        name,
      )} ${kind} USING INDEX ${ident(name)}${deferrable}${deferred}`,
    );
  }
  if (original.comment !== undefined) {
    statements.push(
      `COMMENT ON INDEX ${ident(next)}.${ident(name)} IS ${literal(
        original.comment,
      )}`,
    );
  }
  if (original.clustered) {
    statements.push(`ALTER TABLE ${shadow} CLUSTER ON ${ident(name)}`);
  }
  return statements;
}

/** Whether it only keeps one of these columns unique. */
function isOnlyOn(
  table: TableDefinition,
  index: IndexDefinition,
  columns: string[],
): boolean {
  return (
    index.unique &&
    !index.primary &&
    index.plain &&
    columns.some(column => sameNames(namesOf(table, index), [column]))
  );
}

function sameNames(a: string[], b: string[]): boolean {
  return a.length === b.length && [...a].sort().join() === [...b].sort().join();
}
