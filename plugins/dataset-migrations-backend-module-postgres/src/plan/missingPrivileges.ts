import { findControlSchema } from '../control/controlSchema';
import { Queryable } from '../table/readTable';
import { TableDefinition } from '../table/TableDefinition';
import { prepared } from '../connection/prepared';

/**
 * What the connection's role may not do and would have to, with what to grant;
 * and what the server cannot do.
 *
 * @param needs - schemas of the plan's own, and a major version of the server
 */
export async function missingPrivileges(
  session: Queryable,
  table: TableDefinition,
  needs: { schemas: boolean; server: number },
): Promise<string[]> {
  const control = await findControlSchema(session);
  const [can] = await session.query(
    prepared(`SELECT current_user AS role, pg_has_role($1, 'USAGE') AS owns,
       has_database_privilege(current_database(), 'CREATE') AS "createsSchemas",
       has_schema_privilege($2, 'CREATE') AS "createsTables",
       pg_is_in_recovery() AS standby,
       current_setting('server_version_num')::int AS version`),
    [table.owner, table.schema],
  );
  const problems: string[] = [];
  if (can.standby) {
    problems.push(
      'The connection leads to a standby; name the primary server.',
    );
  }
  if (can.version < needs.server * 10_000) {
    problems.push(
      `PostgreSQL ${
        needs.server
      } or later is needed; this server has ${Math.floor(
        can.version / 10000,
      )}.`,
    );
  }
  if (!can.owns) {
    problems.push(
      `The role ${can.role} must own the table or be a member of its owner: GRANT ${table.owner} TO ${can.role}.`,
    );
  }
  if ((needs.schemas || !control.exists) && !can.createsSchemas) {
    problems.push(
      `The role ${can.role} may not create schemas: GRANT CREATE ON DATABASE to it.`,
    );
  }
  if (needs.schemas && !can.createsTables) {
    problems.push(
      `The role ${can.role} may not create tables in ${table.schema}: GRANT CREATE ON SCHEMA ${table.schema} to it.`,
    );
  }
  if (!control.usable) {
    problems.push(
      `The control schema skein belongs to ${control.owner}; use that role for the connection, or GRANT ${control.owner} TO ${can.role}.`,
    );
  }
  return problems;
}
