import { ident, literal } from '../connection/sql';
import { RunContext } from '../RunContext';
import { keysOf, namesOf } from '../table/keys';
import { columnName } from '../table/layout';
import { IndexDefinition, TableDefinition } from '../table/TableDefinition';

/**
 * The statements that complete the shadow once all rows are in it, in their
 * order. Keys and indexes are built then, as rows that go into a table with a
 * key cost twice as much.
 *
 * @param before - the source
 * @param altered - a table of the source's definition with the target's columns
 */
export function finishStatements(
  context: RunContext,
  before: TableDefinition,
  altered: TableDefinition,
): string[] {
  const { shadow, next, run } = context;
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

  const statements = indexes.flatMap(index => {
    const constraint = before.constraints.find(
      ({ name, kind }) => name === index.name && (kind === 'p' || kind === 'u'),
    );
    const definition = altered.indexes.find(i => i.name === index.name)!;
    return [
      `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${ident(
        index.name,
      )} ON ${shadow} ${definition.body}`,
      ...(constraint
        ? [
            `ALTER TABLE ${shadow} ADD CONSTRAINT ${ident(constraint.name)} ${
              constraint.kind === 'p' ? 'PRIMARY KEY' : 'UNIQUE'
            } USING INDEX ${ident(index.name)}${
              constraint.deferrable ? ' DEFERRABLE' : ''
            }${constraint.deferred ? ' INITIALLY DEFERRED' : ''}`,
          ]
        : []),
      ...(index.comment === undefined
        ? []
        : [
            `COMMENT ON INDEX ${ident(next)}.${ident(index.name)} IS ${literal(
              index.comment,
            )}`,
          ]),
      ...(index.clustered
        ? [`ALTER TABLE ${shadow} CLUSTER ON ${ident(index.name)}`]
        : []),
    ];
  });

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
  return [...statements, `ANALYZE ${shadow}`];
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
