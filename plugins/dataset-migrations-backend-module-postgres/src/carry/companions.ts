import { Mapping } from '@skein/backstage-plugin-dataset-migrations-common';
import { prepared } from '../connection/prepared';
import { qualified } from '../connection/sql';
import { Place } from '../RunContext';
import { Layout, layOut } from '../table/layout';
import { treeOf } from '../table/readPartitions';
import { Queryable, readTable } from '../table/readTable';
import { chooseStrategy } from '../table/strategy';
import { TableDefinition } from '../table/TableDefinition';
import { Alteration } from './asAltered';

/** Another table that is copied, and switched in the same transaction. */
export interface Companion {
  table: TableDefinition;
  layout: Layout;
  place: Place;
}

/**
 * Those of the tables that belong together with one which are copied. The others
 * are altered after every copy has its name, and PostgreSQL follows them itself.
 */
export async function findCompanions(
  session: Queryable,
  together: Array<{ place: Place; mapping: Mapping }>,
): Promise<Companion[]> {
  const companions: Companion[] = [];
  for (const { place, mapping } of together) {
    const table = await readTable(session, place);
    const layout = table && layOut(mapping, table);
    if (layout && chooseStrategy(mapping, layout) === 'shadow-copy') {
      companions.push({ table, layout, place });
    }
  }
  return companions;
}

/** Ids of tables and of all their partitions. */
export async function idsOfTrees(
  session: Queryable,
  tables: Array<Pick<TableDefinition, 'oid'>>,
): Promise<number[]> {
  const rows = await session.query<{ oid: number }>(
    prepared(
      `SELECT tree.oid::int8::float8 AS oid FROM unnest($1::oid[]) AS root (oid), LATERAL ${treeOf(
        'root.oid',
      )} AS tree`,
    ),
    [tables.map(({ oid }) => oid)],
  );
  return rows.map(({ oid }) => oid);
}

/** What becomes of its columns. */
export function alterationOf({ place, layout }: Companion): Alteration {
  return { table: qualified(place), layout };
}
