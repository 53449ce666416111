import { ident } from '../connection/sql';
import { Attached, AttachedKind } from './Attached';
import { ColumnChanges } from './ColumnChanges';

/** A row of the catalog query below. */
interface PublicationRow {
  name: string;
  /** Whether it is of all tables. */
  everything: boolean;
  /** Whether it names the table. */
  member: boolean;
  owner: string;
  owned: boolean;
  role: string;
  /** The column list, quoted; empty for all columns. */
  columns: string[];
  /** SQL of the row filter. */
  filter: string | null;
  reads: number[];
}

/**
 * Publications of a table, with their column lists and row filters. A
 * subscriber tells tables by their names, so it takes the new table's changes
 * for those of the old one.
 *
 * One of a whole schema takes the new table in by itself. One of all tables
 * would send the shadow, too, which no subscriber has.
 *
 * `pg_publication_rel`: https://www.postgresql.org/docs/current/catalog-pg-publication-rel.html
 */
export const publications: AttachedKind<PublicationRow> = {
  sql: `SELECT p.pubname AS name, p.puballtables AS "everything", r.oid IS NOT NULL AS member,
       pg_get_userbyid(p.pubowner) AS owner, pg_has_role(p.pubowner, 'USAGE') AS owned, current_user AS role,
       ARRAY(SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = $1 AND attnum = ANY (r.prattrs::int2[]) ORDER BY attnum) AS columns,
       pg_get_expr(r.prqual, r.prrelid) AS filter,
       ARRAY(SELECT DISTINCT d.refobjsubid FROM pg_depend d WHERE d.classid = 'pg_publication_rel'::regclass AND d.objid = r.oid
         AND d.refclassid = 'pg_class'::regclass AND d.refobjid = $1 AND d.refobjsubid > 0) AS reads
     FROM pg_publication p LEFT JOIN pg_publication_rel r ON r.prpubid = p.oid AND r.prrelid = $1
     WHERE p.puballtables OR r.oid IS NOT NULL
       OR EXISTS (SELECT FROM pg_publication_namespace s JOIN pg_class c ON c.relnamespace = s.pnnspid
         WHERE s.pnpubid = p.oid AND c.oid = $1)
     ORDER BY p.oid`,
  attached: publication,
};

function publication(row: PublicationRow): Attached {
  const { name, member } = row;
  return {
    name: `the publication ${name}`,
    kind: 'other',
    problems: change => problemsOf(row, change),
    obstacles: () => obstaclesOf(row),
    notes: () => [
      `The publication ${name} goes on with the new table, under the same name. Its subscribers see what is written from the switch on, in the new columns, and not what the migration makes of the rows that are there; change their tables before the switch, or copy them anew.`,
    ],
    statements: ({ live }) =>
      member
        ? {
            detach: [`ALTER PUBLICATION ${ident(name)} DROP TABLE ${live}`],
            attach: [
              `ALTER PUBLICATION ${ident(name)} ADD TABLE ${live}${
                row.columns.length > 0 ? ` (${row.columns.join(', ')})` : ''
              }${row.filter === null ? '' : ` WHERE (${row.filter})`}`,
            ],
          }
        : {},
  };
}

function problemsOf(row: PublicationRow, change: ColumnChanges): string[] {
  const lost = row.reads.filter(
    column =>
      change.dropped(column) || (row.filter !== null && change.retyped(column)),
  );
  return lost.map(
    column =>
      `The publication ${row.name} names the column ${change.nameOf(
        column,
      )}, which ${
        change.dropped(column) ? 'is dropped' : 'gets another type'
      }; take the table out of it, migrate, and put it in again.`,
  );
}

function obstaclesOf(row: PublicationRow): string[] {
  if (row.everything) {
    return [
      `The publication ${row.name} is of all tables, so it would send the copy to subscribers that have no such table, and PostgreSQL cannot narrow it. Create one that names its tables or their schemas (FOR TABLE, FOR TABLES IN SCHEMA), give that to its subscriptions (ALTER SUBSCRIPTION ... SET PUBLICATION), and drop this one.`,
    ];
  }
  return row.member && !row.owned
    ? [
        `The publication ${row.name} can be changed by its owner only: GRANT ${row.owner} TO ${row.role}, or take the table out of it first.`,
      ]
    : [];
}
