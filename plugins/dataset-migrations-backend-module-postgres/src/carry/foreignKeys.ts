import { ident, literal } from '../connection/sql';
import { dependentsOn } from '../table/dependentsOn';
import { Attached, AttachedKind, Statements } from './Attached';

/** A row of the catalog query below. */
interface ForeignKeyRow {
  name: string;
  /** The two tables, quoted. */
  child: string;
  parent: string;
  childId: number;
  own: boolean;
  inbound: boolean;
  validated: boolean;
  /** Numbers of the columns of either. */
  columns: number[];
  referenced: number[];
  /** Of the key that it points to. */
  index: string;
  definition: string;
  comment: string | null;
  /** Whether it can only be added together with a look at all rows. */
  unready: boolean;
  owned: boolean;
  referable: boolean;
  role: string;
}

/**
 * Foreign keys of a table, and those of others that point to it.
 *
 * They move at the switch and not before. A key of the shadow would refuse the
 * deletion of a row that only the shadow still refers to; one that stayed with
 * the old table would do so for ever. As `NOT VALID` they are added without
 * reading a row, and hold for every later write. The rows that are there are
 * checked after the switch, beside readers and writers.
 *
 * One between two tables that are switched together, or partitions of them, is
 * carried by the one that has it, when both have their names.
 *
 * They are found by what they depend on, the columns of both tables: of what
 * points to a table, `pg_constraint` has no index.
 *
 * `pg_constraint`: https://www.postgresql.org/docs/current/catalog-pg-constraint.html
 */
export const foreignKeys: AttachedKind<ForeignKeyRow> = {
  sql: `SELECT k.conname AS name, k.conrelid::regclass::text AS child, k.confrelid::regclass::text AS parent,
       k.conrelid::int8::float8 AS "childId", k.conrelid = $1 AS own, k.confrelid = $1 AS inbound, k.convalidated AS validated,
       k.conkey::int4[] AS columns, k.confkey::int4[] AS "referenced", i.relname AS "index",
       pg_get_constraintdef(k.oid) AS definition, obj_description(k.oid, 'pg_constraint') AS comment,
       c.relkind = 'p' AND current_setting('server_version_num')::int < 180000 AS unready, pg_has_role(c.relowner, 'USAGE') AS owned, current_user AS role,
       has_table_privilege(k.confrelid, 'REFERENCES') AS referable
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_class i ON i.oid = k.conindid
     WHERE k.contype = 'f' AND k.conparentid = 0 AND k.oid IN (${dependentsOn(
       'pg_constraint',
       '$1',
     )})
     ORDER BY k.oid`,
  attached: foreignKey,
};

function foreignKey(row: ForeignKeyRow): Attached {
  const { name, child, parent, own, inbound } = row;
  const label = own
    ? `the foreign key ${name}`
    : `the foreign key ${name} of ${child}`;
  const sentence = `The foreign key ${name}${own ? '' : ` of ${child}`}`;
  const goes = (change: { dropped(column: number): boolean }) =>
    own && row.columns.some(change.dropped);
  return {
    name: label,
    kind: 'other',
    problems: () => [],
    obstacles: change => {
      if (goes(change)) {
        return [];
      }
      const problems: string[] = [];
      const touched = new Set<number>([
        ...(own ? row.columns : []),
        ...(inbound ? row.referenced : []),
      ]);
      for (const column of touched) {
        if (change.dropped(column)) {
          problems.push(
            `${sentence} points to the column ${change.nameOf(
              column,
            )}, which is dropped; drop the foreign key first.`,
          );
        } else if (change.altered(column)) {
          problems.push(
            `${sentence} uses the column ${change.nameOf(
              column,
            )}, whose values may not match any more when they are converted; drop the foreign key, migrate the tables at both its ends, together or after each other, and add it again.`,
          );
        }
      }
      if (inbound && change.missesRows) {
        problems.push(
          `${sentence} may point to rows that a cast sets aside, and would be left without them; drop the foreign key first, or let the cast refuse or be NULL.`,
        );
      }
      if (inbound && !change.keepsIndex(row.index)) {
        problems.push(
          `${sentence} needs the key ${row.index}, which the new version does not have; drop the foreign key first.`,
        );
      }
      if (!row.owned) {
        problems.push(
          `${sentence} can be pointed to the new table by the owner of ${child} only; grant that role to ${row.role}, or drop the foreign key first.`,
        );
      }
      if (!row.referable) {
        problems.push(
          `${sentence} cannot be added again by the role ${row.role}: GRANT REFERENCES ON ${parent} TO it.`,
        );
      }
      if (row.unready) {
        problems.push(
          `${sentence} is one of a partitioned table, which PostgreSQL before 18 would check under a lock; drop it, migrate, and add it again.`,
        );
      }
      return problems;
    },
    notes: change =>
      goes(change)
        ? [`The foreign key ${name} goes with its column.`]
        : [
            `${sentence} is carried over: it holds for every write from the switch on, and the rows that are there are checked right after, while all go on.${
              own && inbound
                ? ''
                : ` The switch locks ${own ? parent : child}, too.`
            }`,
          ],
    statements: ({ switched }) => ({
      // A writer of the other table locks it first, and this one to look into
      // it. The table that this one points to is locked after it, likewise.
      lock:
        inbound && !own ? [`LOCK TABLE ${child} IN ACCESS EXCLUSIVE MODE`] : [],
      ...(!own && switched.includes(row.childId) ? {} : moves(row)),
    }),
  };
}

function moves({
  name,
  child,
  definition,
  validated,
  comment,
}: ForeignKeyRow): Pick<Statements, 'detach' | 'attach' | 'validate'> {
  return {
    detach: [`ALTER TABLE ${child} DROP CONSTRAINT ${ident(name)}`],
    attach: [
      `ALTER TABLE ${child} ADD CONSTRAINT ${ident(name)} ${definition}${
        validated ? ' NOT VALID' : ''
      }`,
      ...(comment === null
        ? []
        : [
            `COMMENT ON CONSTRAINT ${ident(name)} ON ${child} IS ${literal(
              comment,
            )}`,
          ]),
    ],
    validate: validated ? [{ table: child, constraint: name }] : [],
  };
}
