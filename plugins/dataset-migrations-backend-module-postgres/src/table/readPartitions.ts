import type { Queryable } from './readTable';
import { ColumnDefinition, Partition } from './TableDefinition';
import { prepared } from '../connection/prepared';

/**
 * SQL of the table and all its partitions, as `oid`; of the table alone where it
 * has none. Locks nothing, other than `pg_partition_tree`.
 *
 * @param table - SQL of its oid
 */
export function treeOf(table: string): string {
  return `(WITH RECURSIVE tree (oid) AS (
    SELECT (${table})::oid
    UNION ALL SELECT i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid
      JOIN pg_class p ON p.oid = i.inhrelid AND p.relispartition
  ) SELECT oid FROM tree)`;
}

/** The partitions of a table, and theirs, each after its parent. */
export async function readPartitions(
  session: Queryable,
  oid: number,
): Promise<Partition[]> {
  const rows = await session.query(
    prepared(`WITH RECURSIVE tree (oid, parent, level, detaching) AS (
       SELECT inhrelid, inhparent, 1, inhdetachpending FROM pg_inherits WHERE inhparent = $1
       UNION ALL SELECT i.inhrelid, i.inhparent, level + 1, i.inhdetachpending
         FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid
     )
     SELECT c.oid::int8::text AS oid, n.nspname AS schema, c.relname AS "table",
       pn.nspname AS "parentSchema", p.relname AS "parentTable", c.relkind AS kind,
       pg_get_userbyid(c.relowner) AS owner, pg_get_expr(c.relpartbound, c.oid) AS bound, detaching,
       CASE WHEN c.relkind = 'r' THEN pg_relation_size(c.oid) / current_setting('block_size')::int END AS blocks,
       CASE WHEN c.relkind = 'r' THEN pg_total_relation_size(c.oid) END AS bytes,
       CASE WHEN c.relkind = 'r' AND c.reltuples >= 0 THEN c.reltuples END AS rows
     FROM tree JOIN pg_class c ON c.oid = tree.oid JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_class p ON p.oid = tree.parent JOIN pg_namespace pn ON pn.oid = p.relnamespace
     ORDER BY level, c.oid`),
    [oid],
  );
  return rows.map(row => ({
    oid: Number(row.oid),
    schema: row.schema,
    table: row.table,
    parent: { schema: row.parentSchema, table: row.parentTable },
    kind: row.kind,
    owner: row.owner,
    bound: row.bound,
    detaching: row.detaching,
    blocks: Number(row.blocks ?? 0),
    bytes: Number(row.bytes ?? 0),
    rows: row.rows === null ? undefined : Number(row.rows),
  }));
}

/** The columns by which tables are partitioned, by their names. */
export async function readPartitionColumns(
  session: Queryable,
  tables: number[],
): Promise<Map<string, ColumnDefinition['partitions']>> {
  // A column that a key names can only go with its table, and so depends on it.
  const rows = await session.query<{ name: string; expressions: boolean }>(
    prepared(`SELECT a.attname AS name, bool_or(k.partexprs IS NOT NULL) AS expressions
     FROM pg_partitioned_table k
       JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = k.partrelid AND d.objsubid > 0
         AND d.refclassid = 'pg_class'::regclass AND d.refobjid = k.partrelid AND d.refobjsubid = 0 AND d.deptype = 'i'
       JOIN pg_attribute a ON a.attrelid = k.partrelid AND a.attnum = d.objsubid
     WHERE k.partrelid = ANY ($1::oid[]) GROUP BY 1`),
    [tables],
  );
  return new Map(
    rows.map(({ name, expressions }) => [
      name,
      expressions ? 'in an expression' : 'plainly',
    ]),
  );
}
