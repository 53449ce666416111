import { Session } from '../connection/Session';
import { runAll } from '../connection/sql';
import { renameStatements } from '../table/alterStatements';
import { Layout } from '../table/layout';
import { renamesOf } from './ColumnChanges';

/**
 * Reads something as it would be if the table's columns had their new names.
 * They are renamed, which makes PostgreSQL follow in whatever names them, and
 * named back by a savepoint. Locks the table meanwhile, for as long as `read`
 * takes.
 *
 * @param table - quoted
 */
export async function asRenamed<T>(
  session: Session,
  table: string,
  layout: Layout,
  read: () => Promise<T>,
): Promise<T> {
  const renames = renamesOf(layout);
  if (renames.length === 0) {
    return read();
  }
  const taken = new Set(renames.map(({ to }) => to));
  // A column that is dropped may have the name that another one gets.
  const aside = layout.dropped
    .filter(({ name }) => taken.has(name))
    .map(({ name }, index) => ({ from: name, to: `skein_dropped_${index}` }));
  await runAll(session, [
    'SAVEPOINT skein_renamed',
    ...renameStatements(table, [...aside, ...renames]),
  ]);
  const result = await read();
  await runAll(session, [
    'ROLLBACK TO SAVEPOINT skein_renamed',
    'RELEASE SAVEPOINT skein_renamed',
  ]);
  return result;
}
