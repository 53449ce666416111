import {
  PlannedLock,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { EnginePlan } from '@skein/backstage-plugin-dataset-migrations-node';
import { dependentsOn } from '../table/dependentsOn';
import { Queryable } from '../table/readTable';
import { TableDefinition } from '../table/TableDefinition';
import { prepared } from '../connection/prepared';

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
    prepared(`WITH found AS (
       SELECT unnest(ARRAY[k.conrelid, k.confrelid]) AS oid FROM pg_constraint k
       WHERE k.contype = 'f' AND k.oid IN (${dependentsOn(
         'pg_constraint',
         '$1',
       )})
       UNION
       SELECT v.oid FROM pg_rewrite r JOIN pg_class v ON v.oid = r.ev_class
       WHERE v.relkind = 'v' AND r.oid IN (${dependentsOn('pg_rewrite', '$1')}))
     SELECT n.nspname || '.' || c.relname AS name
     FROM found JOIN pg_class c USING (oid) JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid <> $1
     ORDER BY 1`),
    [oid],
  );
  return rows.map(({ name }) => name);
}
