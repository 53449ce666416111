import { ident, literal } from '../connection/sql';
import { Attached, AttachedKind } from './Attached';
import { columnsReadBy } from './readers';

/** A row of the catalog query below. */
interface StatisticsRow {
  name: string;
  schema: string;
  /** Both, quoted. */
  fullName: string;
  definition: string;
  /** The table, quoted. */
  live: string;
  owner: string;
  owned: boolean;
  role: string;
  target: number | null;
  comment: string | null;
  reads: number[];
}

/**
 * Extended statistics. Made on the full shadow before it is analyzed, under
 * their own name in the shadow's schema, and moved at the switch: so that they
 * know the data when the first query asks them.
 *
 * `pg_statistic_ext`: https://www.postgresql.org/docs/current/catalog-pg-statistic-ext.html
 */
export const extendedStatistics: AttachedKind<StatisticsRow> = {
  sql: `SELECT s.stxname AS name, n.nspname AS schema, pg_get_userbyid(s.stxowner) AS owner, current_user AS role,
       pg_has_role(s.stxowner, 'USAGE') AS owned, s.stxstattarget AS target,
       pg_get_statisticsobjdef(s.oid) AS definition, $1::oid::regclass::text AS live,
       quote_ident(n.nspname) || '.' || quote_ident(s.stxname) AS "fullName",
       obj_description(s.oid, 'pg_statistic_ext') AS comment,
       ${columnsReadBy('pg_statistic_ext', 's.oid')} AS reads
     FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
     WHERE s.stxrelid = $1 ORDER BY s.oid`,
  attached: statistics,
};

function statistics(row: StatisticsRow): Attached {
  const { name, schema } = row;
  const goes = (change: { dropped(column: number): boolean }) =>
    row.reads.some(change.dropped);
  return {
    name: `the extended statistics ${name}`,
    kind: 'other',
    problems: () => [],
    obstacles: change =>
      row.owned || goes(change)
        ? []
        : [
            `The extended statistics ${name} can be moved by their owner only: GRANT ${row.owner} TO ${row.role}, or drop them first.`,
          ],
    notes: change =>
      goes(change)
        ? [`The extended statistics ${name} go with their column.`]
        : [],
    statements: ({ shadow, aside }) => {
      const made = `${aside}.${ident(name)}`;
      return {
        finish: [
          `CREATE STATISTICS ${made}${bodyOf(row)}${shadow}`,
          ...(row.target === null || row.target < 0
            ? []
            : [
                `ALTER STATISTICS ${made} SET STATISTICS ${Number(row.target)}`,
              ]),
          ...(row.comment === null
            ? []
            : [`COMMENT ON STATISTICS ${made} IS ${literal(row.comment)}`]),
          ...(row.owner === row.role
            ? []
            : [`ALTER STATISTICS ${made} OWNER TO ${ident(row.owner)}`]),
        ],
        detach: [
          `ALTER STATISTICS ${ident(schema)}.${ident(
            name,
          )} SET SCHEMA ${aside}`,
        ],
        attach: [`ALTER STATISTICS ${made} SET SCHEMA ${ident(schema)}`],
      };
    },
  };
}

/** What stands between the name of the statistics and that of the table. */
function bodyOf({ definition, fullName, live }: StatisticsRow): string {
  const head = `CREATE STATISTICS ${fullName}`;
  if (!definition.startsWith(head) || !definition.endsWith(live)) {
    throw new Error(`Unexpected definition of statistics: ${definition}`);
  }
  return definition.slice(head.length, definition.length - live.length);
}
