import { Session } from '../connection/Session';
import { runAll, WAIT_BRIEFLY } from '../connection/sql';
import { alterStatements } from '../table/alterStatements';
import { Layout } from '../table/layout';

/** A table, quoted, and the columns of its new version. */
export interface Alteration {
  table: string;
  layout: Layout;
}

/**
 * Reads something as it would be if tables had the columns of their new
 * versions, but for their types. They are dropped, renamed and added, which makes
 * PostgreSQL follow in whatever names them, and a savepoint takes it back; no
 * row is read. Locks the tables meanwhile, for as long as `read` takes.
 */
export async function asAltered<T>(
  session: Session,
  alterations: Alteration[],
  read: () => Promise<T>,
): Promise<T> {
  await runAll(session, ['SAVEPOINT skein_altered', ...alterAll(alterations)]);
  const result = await read();
  await runAll(session, [
    'ROLLBACK TO SAVEPOINT skein_altered',
    'RELEASE SAVEPOINT skein_altered',
  ]);
  return result;
}

/** Gives tables the columns of their new versions; see {@link WAIT_BRIEFLY}. */
export function alterAll([first, ...others]: Alteration[]): string[] {
  return first
    ? [
        ...shapeStatements(first),
        WAIT_BRIEFLY,
        ...others.flatMap(shapeStatements),
      ]
    : [];
}

/** Gives a table the columns of its new version, but for their types. */
function shapeStatements({ table, layout }: Alteration): string[] {
  return alterStatements(table, shapeOf(layout), { empty: false });
}

/** What PostgreSQL changes without looking at a row. */
export function shapeOf({ columns, dropped }: Layout): Layout {
  return {
    dropped,
    columns: columns.map(column => ({
      ...column,
      newType: column.from ? undefined : column.newType,
      notNull: column.from?.notNull ?? false,
      default: undefined,
    })),
  };
}
