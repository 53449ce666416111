import { Session } from '../connection/Session';
import { runAll } from '../connection/sql';
import { alterStatements } from '../table/alterStatements';
import { Layout } from '../table/layout';

/**
 * Reads something as it would be if the table had the columns of the new
 * version, but for their types. They are dropped, renamed and added, which makes
 * PostgreSQL follow in whatever names them, and a savepoint takes it back; no
 * row is read. Locks the table meanwhile, for as long as `read` takes.
 *
 * @param table - quoted
 */
export async function asAltered<T>(
  session: Session,
  table: string,
  layout: Layout,
  read: () => Promise<T>,
): Promise<T> {
  await runAll(session, [
    'SAVEPOINT skein_altered',
    ...alterStatements(table, shapeOf(layout), { empty: false }),
  ]);
  const result = await read();
  await runAll(session, [
    'ROLLBACK TO SAVEPOINT skein_altered',
    'RELEASE SAVEPOINT skein_altered',
  ]);
  return result;
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
