import { shapeOf } from '../carry/asAltered';
import { Session } from '../connection/Session';
import { ident, runAll } from '../connection/sql';
import { RunContext } from '../RunContext';
import { alterStatements } from '../table/alterStatements';
import { Layout } from '../table/layout';
import { TableDefinition } from '../table/TableDefinition';
import { createSchema } from './schemas';

/**
 * By what the new version of a table is partitioned: the key of the old one, in
 * which PostgreSQL renames the columns.
 */
export async function partitionKeyAfter(
  session: Session,
  { live, next }: RunContext,
  { owner, partitioning }: TableDefinition,
  layout: Layout,
): Promise<string> {
  const table = `${ident(next)}.skein_key`;
  await createSchema(session, next, owner);
  await runAll(session, [
    'SAVEPOINT skein_key',
    `CREATE TABLE ${table} (LIKE ${live}) PARTITION BY ${partitioning!.key}`,
    ...alterStatements(table, shapeOf(layout), { empty: true }),
  ]);
  const [{ key }] = await session.query(
    'SELECT pg_get_partkeydef($1::regclass) AS key',
    [table],
  );
  await runAll(session, [
    'ROLLBACK TO SAVEPOINT skein_key',
    'RELEASE SAVEPOINT skein_key',
  ]);
  return key;
}
