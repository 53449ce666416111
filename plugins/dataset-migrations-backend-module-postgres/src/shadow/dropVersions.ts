import { Session } from '../connection/Session';
import { ident, runAll } from '../connection/sql';
import { prepared } from '../connection/prepared';
import { treeOf } from '../table/readPartitions';

/** A row of the catalog query below. */
interface PolicyRow {
  name: string;
  /** Quoted. */
  table: string;
  /** Whether it has an expression of either kind. */
  visible: boolean;
  written: boolean;
}

/**
 * Drops versions of tables that have no readers any more, all at once: row
 * security policies of one may look into another. Policies of other old versions
 * that are kept show no row from then on, until a roll back gives them their
 * expressions again.
 *
 * @param tables - quoted; those that are not there are none
 */
export async function dropVersions(
  session: Session,
  tables: string[],
): Promise<void> {
  if (tables.length === 0) {
    return;
  }
  const policies = await session.query<PolicyRow>(
    prepared(`WITH dropped AS (SELECT tree.oid FROM unnest($1::text[]) AS name, LATERAL ${treeOf(
      'to_regclass(name)',
    )} AS tree WHERE tree.oid IS NOT NULL)
     SELECT polname AS name, polrelid::regclass::text AS "table",
       polqual IS NOT NULL AS visible, polwithcheck IS NOT NULL AS written
     FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
     WHERE c.relnamespace::regnamespace::text ~ '^skein_[0-9a-f]+_old$'
       AND c.oid NOT IN (SELECT oid FROM dropped)
       AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_policy'::regclass AND d.objid = p.oid
         AND d.refclassid = 'pg_class'::regclass AND d.refobjid IN (SELECT oid FROM dropped))
     ORDER BY p.oid`),
    [tables],
  );
  await runAll(session, [
    ...policies.map(
      ({ name, table, visible, written }) =>
        `ALTER POLICY ${ident(name)} ON ${table}${
          visible ? ' USING (false)' : ''
        }${written ? ' WITH CHECK (false)' : ''}`,
    ),
    `DROP TABLE IF EXISTS ${tables.join(', ')}`,
  ]);
}
