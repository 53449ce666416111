import { ident, literal } from '../connection/sql';
import { Attached, AttachedKind, Places } from './Attached';
import { columnsReadBy, dependsOnTable, problemsOfReader } from './readers';

/** `polcmd` in words. */
const commands: Record<string, string> = {
  '*': 'ALL',
  r: 'SELECT',
  a: 'INSERT',
  w: 'UPDATE',
  d: 'DELETE',
};

/** A row of the catalog query for policies. */
interface PolicyRow {
  name: string;
  /** Quoted, as is the table that is asked for. */
  table: string;
  live: string;
  own: boolean;
  permissive: boolean;
  /** `polcmd`. */
  command: string;
  /** Quoted. */
  roles: string[];
  /** SQL of `USING` and of `WITH CHECK`. */
  visible: string | null;
  written: string | null;
  comment: string | null;
  owned: boolean;
  reads: number[];
}

/** How row security is set for a table. */
interface SecurityRow {
  enabled: boolean;
  forced: boolean;
  /** For the engine's own role. */
  active: boolean;
  role: string;
}

/**
 * Policies of a table, and those of others that look into it.
 *
 * The table's own policies are made on the shadow before anybody may read it.
 * Those that look into the table by a sub-select get their expressions once
 * more at the switch, which makes them look into whatever has the name then.
 *
 * `pg_policy`: https://www.postgresql.org/docs/current/catalog-pg-policy.html
 */
export const policies: AttachedKind<PolicyRow> = {
  sql: `SELECT polname AS name, polrelid::regclass::text AS "table", polrelid = $1 AS own,
       $1::oid::regclass::text AS live, polpermissive AS permissive, polcmd AS command,
       ARRAY(SELECT CASE role WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(role)) END FROM unnest(polroles) AS role) AS roles,
       pg_get_expr(polqual, polrelid) AS visible, pg_get_expr(polwithcheck, polrelid) AS written,
       obj_description(p.oid, 'pg_policy') AS comment, pg_has_role(c.relowner, 'USAGE') AS owned,
       ${columnsReadBy('pg_policy', 'p.oid')} AS reads
     FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
     WHERE polrelid = $1 OR (${dependsOnTable('pg_policy', 'p.oid')}
       AND c.relnamespace::regnamespace::text !~ '^skein_[0-9a-f]+_(next|old)$')
     ORDER BY p.oid`,
  attached: policy,
};

/** Whether row security is on, one thing more to be carried over. */
export const rowSecurities: AttachedKind<SecurityRow> = {
  sql: `SELECT relrowsecurity AS enabled, relforcerowsecurity AS forced, row_security_active(oid) AS active, current_user AS role
     FROM pg_class WHERE oid = $1 AND (relrowsecurity OR relforcerowsecurity)`,
  attached: rowSecurity,
};

function policy(row: PolicyRow): Attached {
  const { name, table, own } = row;
  const label = `row security policy ${name}${own ? '' : ` of ${table}`}`;
  const looksIn =
    !own || expressionsOf(row).some(({ sql }) => sql.includes(row.live));
  return {
    name: `the ${label}`,
    kind: 'reader',
    problems: change => problemsOfReader(`The ${label}`, row.reads, change),
    obstacles: change => [
      ...(own && looksIn && row.reads.some(change.renamed)
        ? [
            `The ${label} looks into this table by a sub-select, under names that change with the switch; drop it, migrate, and create it again.`,
          ]
        : []),
      ...(row.owned
        ? []
        : [
            `The ${label} looks into this table, and only the owner of ${table} can point it to the new one; drop it, migrate, and create it again.`,
          ]),
    ],
    notes: () => [`The ${label} is carried over.`],
    statements: ({ shadow }) => ({
      make: own
        ? [
            `CREATE POLICY ${ident(name)} ON ${shadow} AS ${
              row.permissive ? 'PERMISSIVE' : 'RESTRICTIVE'
            } FOR ${commands[row.command]} TO ${row.roles.join(
              ', ',
            )}${clausesOf(row)}`,
            ...(row.comment === null
              ? []
              : [
                  `COMMENT ON POLICY ${ident(name)} ON ${shadow} IS ${literal(
                    row.comment,
                  )}`,
                ]),
          ]
        : [],
      attach: looksIn
        ? [`ALTER POLICY ${ident(name)} ON ${table}${clausesOf(row)}`]
        : [],
    }),
  };
}

function expressionsOf({
  visible,
  written,
}: PolicyRow): Array<{ clause: string; sql: string }> {
  return [
    ...(visible === null ? [] : [{ clause: 'USING', sql: visible }]),
    ...(written === null ? [] : [{ clause: 'WITH CHECK', sql: written }]),
  ];
}

function clausesOf(row: PolicyRow): string {
  return expressionsOf(row)
    .map(({ clause, sql }) => ` ${clause} (${sql})`)
    .join('');
}

function rowSecurity(row: SecurityRow): Attached {
  return {
    name: 'row security',
    kind: 'other',
    problems: () => [],
    obstacles: () =>
      row.active
        ? [
            `Row security hides rows of this table from the role ${row.role}, which would copy only what it sees; give the role BYPASSRLS, or do not force row security on the owner.`,
          ]
        : [],
    statements: ({ shadow }: Places) => ({
      make: [
        ...(row.enabled
          ? [`ALTER TABLE ${shadow} ENABLE ROW LEVEL SECURITY`]
          : []),
        ...(row.forced
          ? [`ALTER TABLE ${shadow} FORCE ROW LEVEL SECURITY`]
          : []),
      ],
    }),
  };
}
