import { ident } from '../connection/sql';
import { emitExpression } from '../emit/emitExpression';
import { kindOfColumn } from '../emit/types';
import { Layout, TargetColumn } from './layout';
import { isWidening } from './strategy';
import { ColumnDefinition, TableDefinition } from './TableDefinition';

/**
 * The statements that give a table of the source's definition the columns of
 * the target. PostgreSQL itself carries the changes on into indexes, checks and
 * defaults.
 *
 * @param table - quoted
 * @param options.empty - the table holds no rows, so any type becomes any other
 */
export function alterStatements(
  table: string,
  layout: Layout,
  options: { empty: boolean },
): string[] {
  const actions = [
    // What is computed from a column goes before it.
    ...[...layout.dropped]
      .sort((a, b) => Number(!a.generated) - Number(!b.generated))
      .map(({ name }) => `DROP COLUMN ${ident(name)}`),
    ...layout.columns.flatMap(column =>
      column.from ? retype(column, options.empty) : [],
    ),
  ].map(action => `ALTER TABLE ${table} ${action}`);
  return [
    ...actions,
    ...renameStatements(
      table,
      layout.columns.flatMap(({ from, name }) =>
        from ? [{ from: from.name, to: name }] : [],
      ),
    ),
    ...layout.columns
      .filter(({ from }) => !from)
      .map(column => `ALTER TABLE ${table} ADD COLUMN ${definition(column)}`),
  ];
}

/**
 * The statements that take {@link alterStatements} of a metadata-only change
 * back.
 */
export function undoStatements(
  table: string,
  layout: Layout,
  before: TableDefinition,
): string[] {
  const kept = layout.columns.filter(({ from }) => from);
  return [
    ...layout.columns
      .filter(({ from }) => !from)
      .map(({ name }) => `ALTER TABLE ${table} DROP COLUMN ${ident(name)}`),
    ...renameStatements(
      table,
      kept.map(({ from, name }) => ({ from: name, to: from!.name })),
    ),
    ...before.columns.flatMap(column => {
      const now = kept.find(({ from }) => from!.name === column.name)!;
      const alter = `ALTER TABLE ${table} ALTER COLUMN ${ident(column.name)}`;
      return [
        ...(now.newType
          ? [`${alter} TYPE ${column.type}${collationOf(column, column.type)}`]
          : []),
        ...(now.notNull === column.notNull
          ? []
          : [`${alter} ${column.notNull ? 'SET' : 'DROP'} NOT NULL`]),
        ...(now.default
          ? [
              column.default === undefined
                ? `${alter} DROP DEFAULT`
                : `${alter} SET DEFAULT ${column.default}`,
            ]
          : []),
      ];
    }),
  ];
}

function retype(column: TargetColumn, empty: boolean): string[] {
  const { from, newType, notNull } = column;
  const alter = `ALTER COLUMN ${ident(from!.name)}`;
  const changes: string[] = [];
  if (newType && newType !== from!.type) {
    // A default of the old type may have no cast to the new one.
    if (from!.default !== undefined && !isWidening(from!.type, newType)) {
      changes.push(`${alter} DROP DEFAULT`);
    }
    changes.push(
      `${alter} TYPE ${newType}${collationOf(from!, newType)}${
        empty ? ` USING NULL::${newType}` : ''
      }`,
    );
  }
  if (notNull !== from!.notNull) {
    changes.push(`${alter} ${notNull ? 'SET' : 'DROP'} NOT NULL`);
  }
  if (column.default) {
    changes.push(`${alter} SET DEFAULT ${constant(column)}`);
  }
  return changes;
}

/** A new type alone would have the column sorted as its type is by default. */
function collationOf(from: ColumnDefinition, newType: string): string {
  return from.collation && kindOfColumn(newType) === 'string'
    ? ` COLLATE ${from.collation}`
    : '';
}

function definition(column: TargetColumn): string {
  return [
    ident(column.name),
    column.newType,
    column.default ? `DEFAULT ${constant(column)}` : '',
    column.notNull ? 'NOT NULL' : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function constant(column: TargetColumn): string {
  return emitExpression(column.default!, { relation: '', columns: new Map() });
}

/** Renames in two steps where a new name is still somebody's old one. */
function renameStatements(
  table: string,
  renames: Array<{ from: string; to: string }>,
): string[] {
  const changed = renames.filter(({ from, to }) => from !== to);
  const occupied = new Set(changed.map(({ from }) => from));
  const rename = (from: string, to: string) =>
    `ALTER TABLE ${table} RENAME COLUMN ${ident(from)} TO ${ident(to)}`;
  const direct = changed.filter(({ to }) => !occupied.has(to));
  const aside = changed.filter(({ to }) => occupied.has(to));
  const temporary = (index: number) => `skein_renamed_${index}`;
  return [
    ...aside.map(({ from }, index) => rename(from, temporary(index))),
    ...direct.map(({ from, to }) => rename(from, to)),
    ...aside.map(({ to }, index) => rename(temporary(index), to)),
  ];
}
