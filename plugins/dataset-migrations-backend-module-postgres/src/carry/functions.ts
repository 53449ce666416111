import { AttachedKind } from './Attached';
import { columnsReadBy, dependsOnTable, problemsOfReader } from './readers';

/** A row of the catalog query below. */
interface FunctionRow {
  /** Quoted, with the types of its arguments. */
  name: string;
  what: 'function' | 'procedure';
  definition: string;
  owner: string;
  owned: boolean;
  role: string;
  reads: number[];
}

/**
 * Functions and procedures whose body was parsed when they were made (`BEGIN
 * ATOMIC`), so that it holds the table itself rather than its name. Replaced by
 * their own definition they read whatever has the name then, and keep all else.
 */
export const functions: AttachedKind<FunctionRow> = {
  sql: `SELECT p.oid::regprocedure::text AS name, pg_get_functiondef(p.oid) AS definition,
       CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS what,
       pg_get_userbyid(p.proowner) AS owner, pg_has_role(p.proowner, 'USAGE') AS owned, current_user AS role,
       ${columnsReadBy('pg_proc', 'p.oid')} AS reads
     FROM pg_proc p WHERE p.prosqlbody IS NOT NULL AND ${dependsOnTable(
       'pg_proc',
       'p.oid',
     )}
     ORDER BY p.oid`,
  attached: row => ({
    name: `the ${row.what} ${row.name}`,
    kind: 'reader',
    problems: change =>
      problemsOfReader(`The ${row.what} ${row.name}`, row.reads, change),
    obstacles: () =>
      row.owned
        ? []
        : [
            `The ${row.what} ${row.name} can be pointed to the new table by its owner only: GRANT ${row.owner} TO ${row.role}, or drop it first.`,
          ],
    notes: () => [
      `The ${row.what} ${row.name} reads the new table from the switch on.`,
    ],
    statements: () => ({ attach: [row.definition] }),
  }),
};
