import { columnName } from '@skein/backstage-plugin-dataset-migrations-common';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';
import { alterStatements } from '../table/alterStatements';
import { layOut } from '../table/layout';
import { ancestorOf } from '../table/keys';
import { readTable } from '../table/readTable';
import { comparedColumns, mappedRelation, targetRelation } from './relations';
import { guaranteesOf } from './contractChecks';
import { keyOf, Sides } from './sides';

/** Rows on which a change of metadata is tried out. */
const ROWS = 1_000;

/**
 * A metadata-only change has no shadow to compare: the statements of the cut
 * over are tried on a copy of some rows, which is then what the mapping makes
 * of the same rows, or is not. The contract is held against all rows.
 */
export async function rehearse(
  session: Session,
  { run, live, place }: RunContext,
): Promise<Sides> {
  const { mapping } = run;
  const table = (await readTable(session, place))!;
  const layout = layOut(mapping, table);
  const before = 'pg_temp.skein_before';
  const after = 'pg_temp.skein_after';
  await session.query(
    `CREATE TEMPORARY TABLE skein_before ON COMMIT DROP AS SELECT * FROM ${live} LIMIT ${ROWS}`,
  );
  await session.query(
    `CREATE TEMPORARY TABLE skein_after (LIKE ${live} INCLUDING CONSTRAINTS INCLUDING DEFAULTS) ON COMMIT DROP`,
  );
  await session.query(`INSERT INTO ${after} SELECT * FROM ${before}`);
  for (const statement of alterStatements(after, layout, { empty: false })) {
    await session.query(statement);
  }
  const [{ schema }] = await session.query(
    `SELECT nspname AS schema FROM pg_namespace WHERE oid = pg_my_temp_schema()`,
  );
  const altered = (await readTable(session, { schema, table: 'skein_after' }))!;
  const columns = comparedColumns(layout, altered.columns);
  const guaranteed = guaranteesOf(table);
  const renamed = (name: string) =>
    mapping.target
      .filter(field => {
        const ancestor = ancestorOf(mapping, field);
        return ancestor && columnName(ancestor) === name;
      })
      .map(columnName)[0];
  return {
    source: mappedRelation(before, mapping, table.columns, columns),
    target: targetRelation(after, columns),
    columns,
    key: keyOf(columns, altered),
    checked: {
      relation: mappedRelation(live, mapping, table.columns, columns),
      guarantees: {
        notNull: guaranteesOf(altered).notNull,
        unique: guaranteed.unique.map(names => names.map(renamed)),
      },
    },
  };
}
