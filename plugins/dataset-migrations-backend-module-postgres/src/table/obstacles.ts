import { EnginePlan } from '@skein/backstage-plugin-dataset-migrations-node';
import { Layout } from './layout';
import { Queryable } from './readTable';
import { TableDefinition } from './TableDefinition';

/** Something that a copy cannot take along. */
interface Obstacle {
  /** Readers keep a column's type from being changed, and views from going. */
  kind: 'reader' | 'other';
  sentence: string;
}

/**
 * Names what hangs on a table and would not follow when another table takes its
 * place, and says what to do about it.
 */
const queries: Array<{
  kind: Obstacle['kind'];
  sql: string;
  name: (row: any) => string;
  advice: string;
}> = [
  {
    kind: 'other',
    sql: `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name, k.conname AS constraint
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype = 'f' AND k.confrelid = $1 AND k.conparentid = 0`,
    name: row => `the foreign key ${row.constraint} of ${row.name}`,
    advice:
      'points to this table and would keep pointing to the old one; drop it, migrate, and add it again.',
  },
  {
    kind: 'other',
    sql: `SELECT tgname AS name FROM pg_trigger
      WHERE tgrelid = $1 AND NOT tgisinternal AND NOT EXISTS (
        SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.oid = tgfoid AND n.nspname = 'skein')`,
    name: row => `the trigger ${row.name}`,
    advice:
      'would not follow to the new table; drop it, migrate, and create it again.',
  },
  {
    kind: 'reader',
    sql: `SELECT DISTINCT quote_ident(n.nspname) || '.' || quote_ident(v.relname) AS name,
        CASE v.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END AS what
      FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class
      JOIN pg_namespace n ON n.oid = v.relnamespace
      WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
        AND d.refobjid = $1 AND v.oid <> $1 AND v.relkind IN ('v', 'm')
        AND NOT EXISTS (SELECT FROM pg_description o WHERE o.objoid = v.oid AND o.objsubid = 0
          AND o.classoid = 'pg_class'::regclass AND o.description LIKE 'skein: version %')`,
    name: row => `the ${row.what} ${row.name}`,
    advice:
      'reads this table and would keep reading the old one; drop it, migrate, and create it again.',
  },
  {
    kind: 'other',
    sql: `SELECT rulename AS name FROM pg_rewrite WHERE ev_class = $1 AND rulename <> '_RETURN'`,
    name: row => `the rule ${row.name}`,
    advice: 'would not follow to the new table; drop it first.',
  },
  {
    kind: 'other',
    sql: `SELECT polname AS name FROM pg_policy WHERE polrelid = $1`,
    name: row => `the row security policy ${row.name}`,
    advice:
      'would not follow to the new table; drop it, migrate, and create it again.',
  },
  {
    kind: 'other',
    sql: `SELECT FROM pg_class WHERE oid = $1 AND (relrowsecurity OR relforcerowsecurity)`,
    name: () => 'row security',
    advice:
      'is enabled on this table; the engine does not carry it over, so disable it first.',
  },
  {
    kind: 'other',
    sql: `SELECT p.pubname AS name FROM pg_publication p
      WHERE p.puballtables
        OR EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = $1)
        OR EXISTS (SELECT FROM pg_publication_namespace s JOIN pg_class c ON c.relnamespace = s.pnnspid
          WHERE s.pnpubid = p.oid AND c.oid = $1)`,
    name: row => `the publication ${row.name}`,
    advice:
      'replicates this table; its subscribers would not follow the switch, so take the table out of it first.',
  },
  {
    kind: 'other',
    sql: `SELECT DISTINCT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name
      FROM pg_inherits i JOIN pg_class c ON c.oid IN (i.inhrelid, i.inhparent) AND c.oid <> $1
      JOIN pg_namespace n ON n.oid = c.relnamespace WHERE $1 IN (i.inhrelid, i.inhparent)`,
    name: row => `the table ${row.name}`,
    advice:
      'shares inheritance or partitioning with this one, which is not supported yet.',
  },
  {
    kind: 'other',
    sql: `SELECT stxname AS name FROM pg_statistic_ext WHERE stxrelid = $1`,
    name: row => `the extended statistics ${row.name}`,
    advice:
      'would not follow to the new table; drop them, migrate, and create them again.',
  },
  {
    kind: 'reader',
    sql: `SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) AS name
      FROM pg_class c JOIN pg_type t ON t.oid = c.reltype
      JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)
      WHERE c.oid = $1 AND d.deptype = 'n'
      UNION
      SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid)
      FROM pg_depend d WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = $1
        AND d.deptype = 'n' AND d.classid = 'pg_proc'::regclass`,
    name: row => `the ${row.name}`,
    advice: 'is built on this table and would keep the old one; drop it first.',
  },
];

/**
 * What hangs on a relation without being part of it, each in words that go into
 * a sentence: `the view public.late`.
 */
export async function findDependents(
  session: Queryable,
  oid: number,
): Promise<Array<{ kind: Obstacle['kind']; name: string; advice: string }>> {
  const found = [];
  for (const { kind, sql, name, advice } of queries) {
    const rows = await session.query(sql, [oid]);
    found.push(...rows.map(row => ({ kind, name: name(row), advice })));
  }
  return found;
}

/**
 * What stands in the way of a change that is made so, in sentences that read
 * like advice: all that a copy cannot take along, or the readers of columns whose
 * type PostgreSQL would not change under them.
 */
export async function obstaclesTo(
  session: Queryable,
  table: TableDefinition,
  change: { strategy: EnginePlan['strategy']; layout: Layout },
): Promise<string[]> {
  const copies = change.strategy === 'shadow-copy';
  if (!copies && !retypes(change.layout)) {
    return [];
  }
  const found = await findObstacles(session, table);
  return found
    .filter(({ kind }) => copies || kind === 'reader')
    .map(({ sentence }) => sentence);
}

function retypes(layout: Layout): boolean {
  return layout.columns.some(({ from, newType }) => from && newType);
}

async function findObstacles(
  session: Queryable,
  table: TableDefinition,
): Promise<Obstacle[]> {
  const dependents = await findDependents(session, table.oid);
  return [
    ...dependents.map(({ kind, name, advice }) => ({
      kind,
      sentence: `${name[0].toLocaleUpperCase('en-US')}${name.slice(
        1,
      )} ${advice}`,
    })),
    ...obstaclesInDefinition(table).map(
      (sentence): Obstacle => ({ kind: 'other', sentence }),
    ),
  ];
}

function obstaclesInDefinition(table: TableDefinition): string[] {
  const found: string[] = [];
  if (table.persistence !== 'p') {
    found.push(
      'This table is not logged: a crash of the server would empty it in the middle of a migration. Set it LOGGED first.',
    );
  }
  if (table.accessMethod !== 'heap') {
    found.push(
      `This table is stored by ${table.accessMethod}; only heap tables are supported.`,
    );
  }
  if (table.replicaIdentity === 'i') {
    found.push(
      'This table replicates by an index (REPLICA IDENTITY USING INDEX); set it to DEFAULT or FULL first.',
    );
  }
  for (const column of table.columns) {
    if (column.generated) {
      found.push(
        `The column ${column.name} is generated; the engine does not carry generated columns over yet.`,
      );
    }
  }
  for (const constraint of table.constraints) {
    if (constraint.kind === 'x') {
      found.push(
        `The exclusion constraint ${constraint.name} is not carried over yet; drop it, migrate, and add it again.`,
      );
    }
    if (constraint.kind === 'f') {
      found.push(
        `The foreign key ${constraint.name} (${constraint.definition}) is not carried over yet; drop it, migrate, and add it again.`,
      );
    }
    if (!constraint.validated) {
      found.push(
        `The constraint ${constraint.name} is not validated, so copied rows could break it; validate or drop it first.`,
      );
    }
  }
  for (const index of table.indexes) {
    if (!index.valid) {
      found.push(
        `The index ${index.name} is invalid, as a failed CREATE INDEX CONCURRENTLY leaves it; drop or rebuild it first.`,
      );
    }
  }
  return found;
}
