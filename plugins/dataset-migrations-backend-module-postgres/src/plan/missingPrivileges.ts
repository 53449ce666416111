import { TableDefinition } from '../table/TableDefinition';
import { Rights } from './readRights';

/**
 * What the connection's role may not do and would have to, with what to grant;
 * and what the server cannot do.
 *
 * @param needs - schemas of the plan's own, and a major version of the server
 */
export function missingPrivileges(
  can: Rights,
  table: TableDefinition,
  needs: { schemas: boolean; server: number },
): string[] {
  const { control } = can;
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
