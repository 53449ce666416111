import { Session } from '../connection/Session';
import { ident } from '../connection/sql';
import { prepared } from '../connection/prepared';

interface Grant {
  privilege: string;
  grantee: string;
  everybody: boolean;
  grantable: boolean;
  column?: string;
}

/**
 * Gives a relation the privileges of another, column by column where they were
 * given so. Those of the owner come with ownership.
 *
 * @param options.columns - new names by old ones; others get no privileges
 * @param options.only - privileges to copy; all by default
 */
export async function copyGrants(
  session: Session,
  options: {
    from: number;
    to: string;
    columns: ReadonlyMap<string, string>;
    only?: readonly string[];
  },
): Promise<void> {
  const grants = await session.query<Grant & { [key: string]: unknown }>(
    prepared(`SELECT a.privilege_type AS privilege, a.grantee = 0 AS everybody,
       CASE a.grantee WHEN 0 THEN '' ELSE pg_get_userbyid(a.grantee) END AS grantee,
       a.is_grantable AS grantable, NULL AS column
     FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = $1 AND a.grantee <> c.relowner
     UNION ALL
     SELECT a.privilege_type, a.grantee = 0,
       CASE a.grantee WHEN 0 THEN '' ELSE pg_get_userbyid(a.grantee) END,
       a.is_grantable, t.attname
     FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
     WHERE c.oid = $1 AND NOT t.attisdropped AND a.grantee <> c.relowner`),
    [options.from],
  );
  for (const grant of grants) {
    const column = grant.column ? options.columns.get(grant.column) : undefined;
    const gone = grant.column && !column;
    if (gone || (options.only && !options.only.includes(grant.privilege))) {
      continue;
    }
    const grantee = grant.everybody ? 'PUBLIC' : ident(grant.grantee);
    // The privilege is one of PostgreSQL's own words.
    await session.query(
      `GRANT ${grant.privilege}${column ? ` (${ident(column)})` : ''} ON ${
        options.to
      } TO ${grantee}${grant.grantable ? ' WITH GRANT OPTION' : ''}`,
    );
  }
}

/**
 * Takes away what default privileges gave somebody on a new relation, so that
 * it has those of another and no more.
 *
 * @param relation - quoted
 */
export async function revokeDefaults(
  session: Session,
  relation: string,
): Promise<void> {
  const grantees = await session.query(
    prepared(`SELECT DISTINCT a.grantee = 0 AS everybody,
       CASE a.grantee WHEN 0 THEN '' ELSE pg_get_userbyid(a.grantee) END AS grantee,
       c.relkind = 'S' AS sequence
     FROM pg_class c, aclexplode(c.relacl) a
     WHERE c.oid = to_regclass($1) AND a.grantee <> c.relowner`),
    [relation],
  );
  for (const { everybody, grantee, sequence } of grantees) {
    await session.query(
      `REVOKE ALL ON ${sequence ? 'SEQUENCE ' : ''}${relation} FROM ${
        everybody ? 'PUBLIC' : ident(grantee)
      }`,
    );
  }
}
