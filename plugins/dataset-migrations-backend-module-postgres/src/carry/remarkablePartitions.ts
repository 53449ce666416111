import { prepared } from '../connection/prepared';
import { qualified } from '../connection/sql';
import { treeOf } from '../table/readPartitions';
import { Queryable, readTables } from '../table/readTable';
import { TableDefinition } from '../table/TableDefinition';

/**
 * The partitions of a table on which something hangs that does not hang on the
 * table, or that are not like it, for a closer look at each. One query finds
 * them, as most of hundreds have nothing of their own.
 */
export async function remarkablePartitions(
  session: Queryable,
  table: TableDefinition,
): Promise<TableDefinition[]> {
  if (!table.partitioning) {
    return [];
  }
  const found = await session.query<{ schema: string; table: string }>(
    prepared(`SELECT n.nspname AS schema, c.relname AS "table"
     FROM ${treeOf('$1')} AS tree JOIN pg_class c ON c.oid = tree.oid
       JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am am ON am.oid = c.relam
     WHERE c.oid <> $1 AND (
       c.relpersistence <> 'p' OR c.relrowsecurity OR c.relforcerowsecurity
       OR c.relkind = 'r' AND am.amname <> 'heap'
       OR c.oid IN (SELECT t.tgrelid FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
         WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND p.pronamespace::regnamespace::text <> 'skein')
       OR c.oid IN (SELECT tgconstrrelid FROM pg_trigger WHERE NOT tgisinternal)
       OR c.oid IN (SELECT unnest(ARRAY[conrelid, confrelid]) FROM pg_constraint WHERE contype = 'f' AND conparentid = 0)
       OR c.oid IN (SELECT conrelid FROM pg_constraint WHERE contype = 'n' AND NOT convalidated)
       OR c.oid IN (SELECT indrelid FROM pg_index WHERE NOT indisvalid OR indisreplident)
       OR c.oid IN (SELECT polrelid FROM pg_policy)
       OR c.oid IN (SELECT stxrelid FROM pg_statistic_ext)
       OR c.oid IN (SELECT prrelid FROM pg_publication_rel)
       OR c.oid IN (SELECT objoid FROM pg_seclabel WHERE classoid = 'pg_class'::regclass)
       OR c.oid IN (SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass AND deptype = 'e')
       OR EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
         AND d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_policy'::regclass))
       OR EXISTS (SELECT FROM pg_type t JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass
         AND d.refobjid IN (t.oid, t.typarray) WHERE t.oid = c.reltype AND d.deptype = 'n')
     ) ORDER BY c.oid`),
    [table.oid],
  );
  return readTables(session, found);
}

/** What something on a partition is called: `the view late of the partition ...`. */
export function onPartition(name: string, partition: TableDefinition): string {
  return `${name} of the partition ${qualified(partition)}`;
}
