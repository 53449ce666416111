import { Session } from '../connection/Session';
import { prepared } from '../connection/prepared';
import { readPartitionColumns, readPartitions } from './readPartitions';
import { readParts } from './readParts';
import { TableDefinition } from './TableDefinition';

/** Anything that answers a query: a transaction, or a connection by itself. */
export type Queryable = Pick<Session, 'query'> &
  Partial<Pick<Session, 'database'>>;

/** @returns undefined when there is no relation of that name */
export async function readTable(
  session: Queryable,
  place: { schema: string; table: string },
): Promise<TableDefinition | undefined> {
  const [table] = await readTables(session, [place]);
  return table;
}

/** All of them in a handful of queries, in their order, but for those not there. */
export async function readTables(
  session: Queryable,
  places: ReadonlyArray<{ schema: string; table: string }>,
): Promise<TableDefinition[]> {
  const relations = await session.query(
    prepared(`SELECT wanted.schema, wanted.table, c.oid::int8::text AS oid, c.relkind AS kind, c.relpersistence AS persistence,
       pg_get_userbyid(c.relowner) AS owner, coalesce(am.amname, '') AS "accessMethod",
       CASE WHEN c.reltuples >= 0 THEN c.reltuples END AS rows,
       CASE WHEN c.relkind IN ('r', 'm', 't') THEN pg_relation_size(c.oid) / current_setting('block_size')::int ELSE 0 END AS blocks,
       pg_total_relation_size(c.oid) AS bytes,
       c.relreplident AS "replicaIdentity", coalesce(c.reloptions, '{}') AS options,
       coalesce(toast.reloptions, '{}') AS "toastOptions",
       ts.spcname AS tablespace, obj_description(c.oid, 'pg_class') AS comment,
       (SELECT jsonb_build_object('schema', pn.nspname, 'table', p.relname)
         FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid AND c.relispartition) AS "partitionOf",
       pg_get_partkeydef(c.oid) AS "partitionKey"
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (schema, "table", number)
     JOIN pg_namespace n ON n.nspname = wanted.schema
     JOIN pg_class c ON c.relname = wanted.table AND c.relnamespace = n.oid
     LEFT JOIN pg_am am ON am.oid = c.relam
     LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
     LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
     ORDER BY wanted.number`),
    [places.map(({ schema }) => schema), places.map(({ table }) => table)],
  );
  const oids = relations.map(({ oid }) => Number(oid));
  const { columns, indexes, constraints } = await readParts(session, oids);
  const tables: TableDefinition[] = [];
  for (const { partitionKey, ...relation } of relations) {
    const oid = Number(relation.oid);
    const table: TableDefinition = {
      ...(relation as Omit<TableDefinition, 'oid'>),
      oid,
      rows: relation.rows === null ? undefined : Number(relation.rows),
      blocks: Number(relation.blocks),
      bytes: Number(relation.bytes),
      tablespace: relation.tablespace ?? undefined,
      comment: relation.comment ?? undefined,
      partitionOf: relation.partitionOf ?? undefined,
      columns: columns.get(oid) ?? [],
      indexes: indexes.get(oid) ?? [],
      constraints: constraints.get(oid) ?? [],
    };
    tables.push(
      partitionKey ? await withPartitions(session, table, partitionKey) : table,
    );
  }
  return tables;
}

/** A partitioned table holds nothing itself. */
async function withPartitions(
  session: Queryable,
  table: TableDefinition,
  key: string,
): Promise<TableDefinition> {
  const partitions = await readPartitions(session, table.oid);
  const keys = await readPartitionColumns(session, [
    table.oid,
    ...partitions.map(({ oid }) => oid),
  ]);
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const analyzed = partitions.flatMap(({ rows }) => rows ?? []);
  return {
    ...table,
    rows: analyzed.length > 0 ? sum(analyzed) : undefined,
    blocks: sum(partitions.map(({ blocks }) => blocks)),
    bytes: sum(partitions.map(({ bytes }) => bytes)),
    columns: table.columns.map(column => ({
      ...column,
      partitions: keys.get(column.name),
    })),
    partitioning: { key, partitions },
  };
}
