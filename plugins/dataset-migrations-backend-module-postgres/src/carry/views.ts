import { ident, optionList } from '../connection/sql';
import { Attached, AttachedKind } from './Attached';
import { columnsReadBy, dependsOnTable, problemsOfReader } from './readers';

/** A row of the catalog query below. */
interface ViewRow {
  /** Quoted. */
  name: string;
  definition: string;
  options: string[];
  owner: string;
  owned: boolean;
  role: string;
  reads: number[];
}

/**
 * Views that read a table themselves, but for those of versions.
 *
 * `CREATE OR REPLACE VIEW` with its own definition makes a view read whatever
 * has the table's name then. It stays the same view: with its owner, grants,
 * comments, triggers, and all views, materialized views and functions on top of
 * it. PostgreSQL refuses that where its columns would change.
 */
export const views: AttachedKind<ViewRow> = {
  sql: `SELECT v.oid::regclass::text AS name, pg_get_viewdef(v.oid) AS definition,
       coalesce(v.reloptions, '{}') AS options, pg_get_userbyid(v.relowner) AS owner,
       pg_has_role(v.relowner, 'USAGE') AS owned, current_user AS role,
       ${columnsReadBy('pg_rewrite', 'r.oid')} AS reads
     FROM pg_rewrite r JOIN pg_class v ON v.oid = r.ev_class
     WHERE r.rulename = '_RETURN' AND v.relkind = 'v' AND ${dependsOnTable(
       'pg_rewrite',
       'r.oid',
     )}
       AND NOT EXISTS (SELECT FROM pg_description o WHERE o.objoid = v.oid AND o.objsubid = 0
         AND o.classoid = 'pg_class'::regclass AND o.description LIKE 'skein: version %')
     ORDER BY v.oid`,
  attached: view,
};

function view(row: ViewRow): Attached {
  const { name, owner } = row;
  return {
    name: `the view ${name}`,
    kind: 'reader',
    problems: change => problemsOfReader(`The view ${name}`, row.reads, change),
    obstacles: () =>
      row.owned
        ? []
        : [
            `The view ${name} can be pointed to the new table by its owner only: GRANT ${owner} TO ${row.role}, or drop the view first.`,
          ],
    notes: () => [
      `The view ${name} reads the new table from the switch on, under the same columns as before; what is built on it stays.`,
    ],
    statements: () => ({
      // Changes nothing. LOCK TABLE would also lock all that the view reads.
      lock: [`ALTER VIEW ${name} OWNER TO ${ident(owner)}`],
      attach: [
        `CREATE OR REPLACE VIEW ${name}${
          row.options.length > 0 ? ` WITH (${optionList(row.options)})` : ''
        } AS ${row.definition.replace(/;\s*$/, '')}`,
      ],
    }),
  };
}
