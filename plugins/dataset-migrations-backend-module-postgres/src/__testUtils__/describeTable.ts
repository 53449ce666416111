type Sql = (text: string, values?: unknown[]) => Promise<any[]>;

/**
 * What a person sees of a table's own definition with \\d+. A key that is made
 * for a partition makes NOT NULL its own, too, as it does when a dump is restored.
 */
const parts: Record<string, string> = {
  columns: `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS "notNull",
      pg_get_expr(d.adbin, d.adrelid) AS default, attidentity AS identity, attgenerated AS generated,
      col_description(attrelid, attnum) AS comment, attstattarget AS statistics, attoptions AS options,
      attstorage AS storage, attcompression AS compression, attcollation::regcollation::text AS collation,
      attacl::text AS grants, attislocal AS local, attinhcount AS inherited
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = attrelid AND d.adnum = attnum
    WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
  indexes: `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition,
      obj_description(indexrelid, 'pg_class') AS comment, indisreplident AS "replicaIdentity", indisclustered AS clustered, indisvalid AS valid,
      (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = indexrelid) AS part
    FROM pg_index WHERE indrelid = $1::regclass ORDER BY 1`,
  constraints: `SELECT conrelid::regclass::text AS table, conname AS name, contype AS kind, convalidated AS validated,
      pg_get_constraintdef(oid) AS definition, obj_description(oid, 'pg_constraint') AS comment,
      CASE WHEN contype <> 'n' THEN conislocal END AS local, coninhcount AS inherited
    FROM pg_constraint WHERE $1::regclass IN (conrelid, confrelid) ORDER BY 1, 2`,
  triggers: `SELECT tgname AS name, pg_get_triggerdef(oid) AS definition, tgenabled AS mode, obj_description(oid, 'pg_trigger') AS comment
    FROM pg_trigger WHERE tgrelid = $1::regclass AND NOT tgisinternal AND tgfoid::regproc::text NOT LIKE 'skein.%' ORDER BY 1`,
  policies: `SELECT polrelid::regclass::text AS table, polname AS name, polpermissive AS permissive, polcmd AS command,
      ARRAY(SELECT CASE r WHEN 0 THEN 'public' ELSE r::regrole::text END FROM unnest(polroles) AS r) AS roles,
      pg_get_expr(polqual, polrelid) AS visible, pg_get_expr(polwithcheck, polrelid) AS written, obj_description(oid, 'pg_policy') AS comment
    FROM pg_policy p WHERE polrelid = $1::regclass OR (polrelid::regclass::text NOT LIKE 'skein\\_%' AND EXISTS (SELECT FROM pg_depend
      WHERE classid = 'pg_policy'::regclass AND objid = p.oid AND refobjid = $1::regclass)) ORDER BY 1, 2`,
  statistics: `SELECT stxname AS name, stxnamespace::regnamespace::text AS schema, pg_get_statisticsobjdef(oid) AS definition,
      stxowner::regrole::text AS owner, stxstattarget AS target, obj_description(oid, 'pg_statistic_ext') AS comment,
      EXISTS (SELECT FROM pg_statistic_ext_data WHERE stxoid = oid) AS computed
    FROM pg_statistic_ext WHERE stxrelid = $1::regclass ORDER BY 1`,
  publications: `SELECT pubname AS name, attnames AS columns, rowfilter AS filter FROM pg_publication_tables
    WHERE format('%I.%I', schemaname, tablename)::regclass = $1::regclass ORDER BY 1`,
  views: `WITH RECURSIVE over AS (
      SELECT $1::regclass::oid AS oid
      UNION SELECT r.ev_class FROM over JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = over.oid
        AND d.classid = 'pg_rewrite'::regclass JOIN pg_rewrite r ON r.oid = d.objid)
    SELECT c.oid::regclass::text AS name, relkind AS kind, pg_get_viewdef(c.oid) AS definition, reloptions AS options, relacl::text AS grants,
      relowner::regrole::text AS owner, obj_description(c.oid, 'pg_class') AS comment, relispopulated AS populated,
      ARRAY(SELECT concat_ws(' ', attname, format_type(atttypid, atttypmod), col_description(attrelid, attnum)) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 ORDER BY attnum) AS columns,
      ARRAY(SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = c.oid ORDER BY tgname) AS triggers,
      ARRAY(SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = c.oid ORDER BY 1) AS indexes
    FROM over JOIN pg_class c USING (oid) WHERE relkind IN ('v', 'm')
      AND coalesce(obj_description(c.oid, 'pg_class'), '') NOT LIKE 'skein: version %' ORDER BY 1`,
  functions: `SELECT pg_get_functiondef(oid) AS definition, proacl::text AS grants FROM pg_proc p
    WHERE EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND refobjid = $1::regclass) ORDER BY 1`,
  sequences: `SELECT c.oid::regclass::text AS name, s.seqtypid::regtype::text AS type, seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle,
      relacl::text AS grants, relowner::regrole::text AS owner, obj_description(c.oid, 'pg_class') AS comment
    FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_sequence s ON s.seqrelid = c.oid
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = $1::regclass ORDER BY 1`,
  table: `SELECT reloptions AS options, obj_description(oid, 'pg_class') AS comment, relacl::text AS grants, relowner::regrole::text AS owner,
      relnamespace::regnamespace::text AS schema, relrowsecurity AS "rowSecurity", relforcerowsecurity AS "forced", relreplident AS "replicaIdentity",
      pg_get_partkeydef(oid) AS key, pg_get_expr(relpartbound, oid) AS bound,
      ARRAY(SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = c.oid ORDER BY 1) AS partitions
    FROM pg_class c WHERE oid = $1::regclass`,
};

/**
 * Everything that PostgreSQL knows of a table's definition and of what hangs on
 * it, in an order that says nothing, for two tables to be compared.
 */
export async function describeTable(
  sql: Sql,
  table: string,
): Promise<Record<string, any[]>> {
  const description: Record<string, any[]> = {};
  for (const [part, query] of Object.entries(parts)) {
    description[part] = await sql(query, [table]);
  }
  return description;
}

/** A description with another name in place of the table's own. */
export function renamed<T>(description: T, from: string, to: string): T {
  return JSON.parse(JSON.stringify(description).replaceAll(from, to));
}
