import {
  PlannedLock,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { EnginePlan } from '@skein/backstage-plugin-dataset-migrations-node';
import { Queryable } from '../table/readTable';
import { TableDefinition } from '../table/TableDefinition';

/**
 * How long the locks are held, in milliseconds, as measured on two cores and
 * rounded up; none of it grows with the table.
 */
const PREPARE_MS = 50;
const ALTER_MS = 10;
const SWITCH_MS = 20;

/** The locks of a plan that applications can notice, in the order they come. */
export async function plannedLocks(
  session: Queryable,
  plan: {
    strategy: EnginePlan['strategy'];
    policy: Policy;
    table: TableDefinition;
    /** Whether anything hangs on the table that is carried over. */
    carries: boolean;
  },
): Promise<PlannedLock[]> {
  const { strategy, policy, table, carries } = plan;
  const relation = `${table.schema}.${table.table}`;
  const exclusive = (during: string, relations: string[], heldMs: number) =>
    relations.map(name => ({
      relation: name,
      mode: 'ACCESS EXCLUSIVE',
      during,
      heldMs,
    }));
  const beside = policy === 'coexist';
  if (strategy === 'metadata-only') {
    return [
      ...exclusive('cut over', [relation], ALTER_MS),
      ...(beside ? exclusive('retirement', [relation], ALTER_MS) : []),
    ];
  }
  const switched = [relation, ...(await carriedAlong(session, table.oid))];
  return [
    // The definitions are asked for, and the switch is rehearsed.
    ...(carries ? exclusive('prepare', switched, PREPARE_MS) : []),
    {
      relation,
      mode: 'SHARE ROW EXCLUSIVE',
      during: 'prepare',
      heldMs: PREPARE_MS,
    },
    ...(beside
      ? [
          ...exclusive('cut over', [relation], SWITCH_MS),
          ...exclusive('retirement', switched, SWITCH_MS),
        ]
      : exclusive('cut over', switched, SWITCH_MS)),
  ];
}

/** What else the switch alters: the other tables of foreign keys, and views. */
async function carriedAlong(
  session: Queryable,
  oid: number,
): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT n.nspname || '.' || c.relname AS name
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid <> $1 AND (
       c.oid IN (SELECT unnest(ARRAY[conrelid, confrelid]) FROM pg_constraint
         WHERE contype = 'f' AND $1 IN (conrelid, confrelid))
       OR c.relkind = 'v' AND c.oid IN (SELECT r.ev_class FROM pg_rewrite r JOIN pg_depend d ON d.objid = r.oid
         WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = $1))
     ORDER BY 1`,
    [oid],
  );
  return rows.map(({ name }) => name);
}
