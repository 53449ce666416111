import { prepared } from '../connection/prepared';
import { Queryable } from './readTable';
import {
  ColumnDefinition,
  ConstraintDefinition,
  IndexDefinition,
} from './TableDefinition';

const COLUMNS = `SELECT a.attrelid::int8::text AS of, a.attnum AS number, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
       a.attnotnull AS "notNull", pg_get_expr(d.adbin, d.adrelid) AS default,
       a.attgenerated AS generated, a.attidentity AS identity,
       s.nspname AS "sequenceSchema", s.relname AS "sequenceName",
       CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END AS "statisticsTarget",
       CASE WHEN a.attcollation <> t.typcollation THEN quote_ident(cn.nspname) || '.' || quote_ident(co.collname) END AS collation,
       coalesce(a.attoptions, '{}') AS options,
       CASE WHEN a.attgenerated = '' THEN '{}' ELSE ARRAY(
         SELECT DISTINCT dep.refobjsubid FROM pg_depend dep
         WHERE dep.refclassid = 'pg_class'::regclass AND dep.refobjid = a.attrelid AND dep.refobjsubid NOT IN (0, a.attnum)
           AND ((dep.classid = 'pg_class'::regclass AND dep.objid = a.attrelid AND dep.objsubid = a.attnum)
             OR (dep.classid = 'pg_attrdef'::regclass AND dep.objid = d.oid))) END AS "computedFrom"
     FROM pg_attribute a
     JOIN pg_type t ON t.oid = a.atttypid
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     LEFT JOIN pg_collation co ON co.oid = a.attcollation
     LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
     LEFT JOIN LATERAL (
       SELECT n.nspname, c.relname FROM pg_depend dep
       JOIN pg_class c ON c.oid = dep.objid AND c.relkind = 'S'
       JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE dep.classid = 'pg_class'::regclass AND dep.refclassid = 'pg_class'::regclass
         AND dep.refobjid = a.attrelid AND dep.refobjsubid = a.attnum AND dep.deptype IN ('a', 'i')
       LIMIT 1
     ) s ON true
     WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
     ORDER BY a.attnum`;

function columnOf(row: any): ColumnDefinition {
  return {
    number: row.number,
    name: row.name,
    type: row.type,
    notNull: row.notNull,
    default: row.default ?? undefined,
    generated: row.generated,
    identity: row.identity,
    sequence: row.sequenceName
      ? { schema: row.sequenceSchema, name: row.sequenceName }
      : undefined,
    statisticsTarget: row.statisticsTarget ?? undefined,
    collation: row.collation ?? undefined,
    options: row.options,
    computedFrom: row.computedFrom,
  };
}

const INDEXES = `SELECT i.indrelid::int8::text AS of, c.relname AS name, i.indisprimary AS primary, i.indisunique AS unique,
       i.indisvalid AS valid, i.indexprs IS NULL AND i.indpred IS NULL AS plain,
       (string_to_array(i.indkey::text, ' ')::int4[])[1:i.indnkeyatts] AS columns,
       (SELECT coalesce(array_agg(DISTINCT d.refobjsubid), '{}') FROM pg_depend d
         WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
           AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid AND d.refobjsubid > 0)
         || string_to_array(i.indkey::text, ' ')::int4[] AS reads,
       pg_get_indexdef(i.indexrelid) AS definition,
       quote_ident(c.relname) AS "quotedName",
       quote_ident(n.nspname) || '.' || quote_ident(t.relname) AS "quotedTable",
       obj_description(c.oid, 'pg_class') AS comment,
       i.indisclustered AS clustered, i.indisexclusion AS exclusion,
       i.indisreplident AS "replicaIdentity", ts.spcname AS tablespace,
       (SELECT p.relname FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent WHERE h.inhrelid = c.oid) AS "partOf"
     FROM pg_index i
     JOIN pg_class c ON c.oid = i.indexrelid
     JOIN pg_class t ON t.oid = i.indrelid
     JOIN pg_namespace n ON n.oid = t.relnamespace
     LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
     WHERE i.indrelid = ANY ($1::oid[])
     ORDER BY i.indisprimary DESC, c.relname`;

function indexOf(row: any): IndexDefinition {
  return {
    name: row.name,
    primary: row.primary,
    unique: row.unique,
    valid: row.valid,
    plain: row.plain,
    columns: row.columns,
    reads: row.reads,
    body: bodyOfIndex(row),
    comment: row.comment ?? undefined,
    clustered: row.clustered,
    exclusion: row.exclusion,
    replicaIdentity: row.replicaIdentity,
    tablespace: row.tablespace ?? undefined,
    partOf: row.partOf ?? undefined,
  };
}

function bodyOfIndex(row: {
  unique?: boolean;
  definition?: string;
  quotedName?: string;
  quotedTable?: string;
}): string {
  const create = `CREATE ${row.unique ? 'UNIQUE ' : ''}INDEX ${
    row.quotedName
  } ON `;
  const head = [row.quotedTable, `ONLY ${row.quotedTable}`]
    .map(table => `${create}${table} `)
    .find(start => row.definition?.startsWith(start));
  if (!head) {
    throw new Error(`Unexpected definition of an index: ${row.definition}`);
  }
  return row.definition!.slice(head.length);
}

// What a foreign key is to the partitions of the other table goes with it.
const CONSTRAINTS = `SELECT conrelid::int8::text AS of, conname AS name, contype AS kind, coalesce(conkey, '{}')::int4[] AS columns,
       convalidated AS validated, condeferrable AS deferrable, condeferred AS deferred,
       pg_get_constraintdef(oid) AS definition, obj_description(oid, 'pg_constraint') AS comment
     FROM pg_constraint WHERE conrelid = ANY ($1::oid[]) AND contype <> 't' AND (contype <> 'f' OR conparentid = 0) ORDER BY conname`;

function constraintOf({ of, ...row }: any): ConstraintDefinition {
  return {
    ...(row as ConstraintDefinition),
    comment: row.comment ?? undefined,
  };
}

/** What belongs to some tables, by their ids, in one request. */
export async function readParts(session: Queryable, oids: number[]) {
  const listOf = (sql: string) =>
    `(SELECT coalesce(json_agg(found), '[]') FROM (${sql}) AS found)`;
  const [parts] = await session.query(
    prepared(
      `SELECT ${listOf(COLUMNS)} AS columns, ${listOf(INDEXES)} AS indexes,
         ${listOf(CONSTRAINTS)} AS constraints`,
    ),
    [oids],
  );
  return {
    columns: byTable(parts.columns, columnOf),
    indexes: byTable(parts.indexes, indexOf),
    constraints: byTable(parts.constraints, constraintOf),
  };
}

/** What belongs to each of several tables, in the order of the rows. */
function byTable<T>(
  rows: any[],
  definitionOf: (row: any) => T,
): Map<number, T[]> {
  const found = new Map<number, T[]>();
  for (const row of rows) {
    const of = Number(row.of);
    found.set(of, [...(found.get(of) ?? []), definitionOf(row)]);
  }
  return found;
}
