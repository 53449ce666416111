import {
  Mapping,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { EnginePlan } from '@skein/backstage-plugin-dataset-migrations-node';
import { ColumnChanges, columnChanges } from '../carry/ColumnChanges';
import { readAttached } from '../carry/readAttached';
import {
  onPartition,
  remarkablePartitions,
} from '../carry/remarkablePartitions';
import { prepared } from '../connection/prepared';
import { qualified } from '../connection/sql';
import { dependentsOn } from './dependentsOn';
import { Layout, layOut } from './layout';
import { Queryable } from './readTable';
import { ColumnDefinition, TableDefinition } from './TableDefinition';

/** Something that a copy cannot take along. */
interface Obstacle {
  /** Readers keep a column's type from being changed, and views from going. */
  kind: 'reader' | 'other';
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
    kind: 'reader',
    sql: `SELECT DISTINCT v.oid::regclass::text AS name
      FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class
      WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
        AND d.refobjid = $1 AND v.relkind = 'm'`,
    name: row => `the materialized view ${row.name}`,
    advice:
      'reads this table, and could follow only by being computed anew while everybody waits; drop it, migrate, and create it again. One that reads a view of the table would not be in the way.',
  },
  {
    kind: 'reader',
    sql: `SELECT DISTINCT r.rulename AS name, r.ev_class::regclass::text AS relation, r.ev_class = $1 AS own
      FROM pg_rewrite r
      WHERE r.rulename <> '_RETURN' AND r.oid IN (
        SELECT oid FROM pg_rewrite WHERE ev_class = $1
        UNION
        ${dependentsOn('pg_rewrite', '$1')})`,
    name: row => `the rule ${row.name}${row.own ? '' : ` of ${row.relation}`}`,
    advice: 'would not follow to the new table; drop it first.',
  },
  {
    kind: 'other',
    sql: `SELECT DISTINCT c.oid::regclass::text AS name
      FROM pg_inherits i JOIN pg_class c ON c.oid IN (i.inhrelid, i.inhparent) AND c.oid <> $1
      WHERE $1 IN (i.inhrelid, i.inhparent) AND NOT EXISTS (
        SELECT FROM pg_class WHERE oid = i.inhrelid AND relispartition)`,
    name: row => `the table ${row.name}`,
    advice:
      'shares inheritance with this one, which is not supported; only declarative partitioning is.',
  },
  {
    kind: 'reader',
    sql: `SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) AS name
      FROM pg_class c JOIN pg_type t ON t.oid = c.reltype
      JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)
      WHERE c.oid = $1 AND d.deptype = 'n'`,
    name: row => `the ${row.name}`,
    advice:
      "uses this table's row type, which goes with the old table; drop it first.",
  },
  {
    kind: 'other',
    sql: `SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) AS name
      FROM pg_depend d
      WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = $1 AND d.deptype IN ('n', 'a')
        AND d.classid NOT IN ('pg_attrdef'::regclass, 'pg_constraint'::regclass, 'pg_statistic_ext'::regclass,
          'pg_publication_rel'::regclass, 'pg_policy'::regclass, 'pg_rewrite'::regclass)
        AND NOT (d.classid = 'pg_class'::regclass AND (d.objid = $1 OR EXISTS (
          SELECT FROM pg_class WHERE oid = d.objid AND relkind IN ('i', 'I', 'S'))
          OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = d.objid)))
        AND NOT (d.classid = 'pg_trigger'::regclass AND EXISTS (
          SELECT FROM pg_trigger WHERE oid = d.objid AND (tgrelid = $1 OR tgisinternal)))
        AND NOT (d.classid = 'pg_proc'::regclass AND EXISTS (
          SELECT FROM pg_proc WHERE oid = d.objid AND prosqlbody IS NOT NULL))`,
    name: row => `the ${row.name}`,
    advice: 'is built on this table and would keep the old one; drop it first.',
  },
  {
    kind: 'other',
    sql: `SELECT e.extname AS name FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
      WHERE d.classid = 'pg_class'::regclass AND d.objid = $1
        AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'`,
    name: row => `the extension ${row.name}`,
    advice: 'owns this table, so that only the extension may replace it.',
  },
  {
    kind: 'other',
    sql: `SELECT DISTINCT provider AS name FROM pg_seclabel
      WHERE classoid = 'pg_class'::regclass AND objoid = $1`,
    name: row => `the security label of ${row.name}`,
    advice:
      'would not follow to the new table; remove it, migrate, and set it again.',
  },
  {
    kind: 'other',
    sql: `SELECT reloftype::regtype::text AS name FROM pg_class WHERE oid = $1 AND reloftype <> 0`,
    name: row => `the type ${row.name}`,
    advice: 'gives this table its columns (CREATE TABLE OF); use NOT OF first.',
  },
];

/**
 * What hangs on a relation without being part of it, each in words that go into
 * a sentence: `the view public.late`.
 */
export async function findDependents(
  session: Queryable,
  oid: number,
): Promise<Array<{ kind: Obstacle['kind']; name: string }>> {
  const obstacles = await findFixed(session, oid);
  const attached = await readAttached(session, oid);
  return [...attached, ...obstacles].map(({ kind, name }) => ({ kind, name }));
}

/** As {@link findDependents}, of a table with its partitions. */
export async function findDependentsOfAll(
  session: Queryable,
  table: TableDefinition,
): ReturnType<typeof findDependents> {
  const found = await findDependents(session, table.oid);
  for (const partition of await remarkablePartitions(session, table)) {
    const dependents = await findDependents(session, partition.oid);
    found.push(
      ...dependents.map(({ kind, name }) => ({
        kind,
        name: onPartition(name, partition),
      })),
    );
  }
  return found;
}

/** What can neither stay behind nor come along. */
async function findFixed(
  session: Queryable,
  oid: number,
): Promise<Array<{ kind: Obstacle['kind']; name: string; advice: string }>> {
  // One request for all: most tables have none of it.
  const parts = queries.map(
    ({ sql }, index) =>
      `SELECT ${index} AS query, to_jsonb(found) AS row FROM (${sql}) AS found`,
  );
  const rows = await session.query<{ query: number; row: unknown }>(
    prepared(`${parts.join('\nUNION ALL\n')}\nORDER BY query`),
    [oid],
  );
  return rows.map(({ query, row }) => {
    const { kind, name, advice } = queries[query];
    return { kind, name: name(row), advice };
  });
}

/** What is to be done with a table, and how. */
export interface PlannedChange {
  strategy: EnginePlan['strategy'];
  policy: Policy;
  layout: Layout;
  mapping: Mapping;
}

/** What stands in a change's way, and what people should know of the rest. */
export interface Surroundings {
  obstacles: string[];
  notes: string[];
  /** Whether anything of the rest is carried over to a copy. */
  carries: boolean;
}

/**
 * What stands in the way of a change that is made so, in sentences that read
 * like advice: all that a copy cannot take along, or the readers of columns
 * whose type or name PostgreSQL would not change under them.
 */
export async function surroundingsOf(
  session: Queryable,
  table: TableDefinition,
  change: PlannedChange,
): Promise<Surroundings> {
  const { obstacles, notes, carries } = await surroundingsOfOne(
    session,
    table,
    change,
  );
  let any = carries;
  for (const partition of await remarkablePartitions(session, table)) {
    const own = await surroundingsOfOne(session, partition, {
      ...change,
      layout: layOut(change.mapping, partition),
    });
    const where = `Partition ${qualified(partition)}: `;
    obstacles.push(...own.obstacles.map(sentence => where + sentence));
    notes.push(...own.notes.map(sentence => where + sentence));
    any ||= own.carries;
  }
  return { obstacles, notes, carries: any };
}

async function surroundingsOfOne(
  session: Queryable,
  table: TableDefinition,
  change: PlannedChange,
): Promise<Surroundings> {
  const { strategy, policy, layout, mapping } = change;
  const copies = strategy === 'shadow-copy';
  const columns = columnChanges(mapping, table, layout);
  if (!copies && !columns.retypesAny && columns.vanishing.length === 0) {
    return { obstacles: [], notes: [], carries: false };
  }
  const fixed = (await findFixed(session, table.oid)).filter(
    ({ kind }) => copies || (columns.retypesAny && kind === 'reader'),
  );
  const attached = await readAttached(session, table.oid);
  return {
    obstacles: [
      ...fixed.map(
        ({ name, advice }) =>
          `${name[0].toLocaleUpperCase('en-US')}${name.slice(1)} ${advice}`,
      ),
      ...attached.flatMap(one =>
        copies
          ? [
              ...one.problems(columns),
              ...(one.obstacles?.(columns) ?? []),
              ...(policy === 'coexist' ? one.beside?.() ?? [] : []),
            ]
          : one.problems(columns),
      ),
      ...(copies ? obstaclesInDefinition(table, columns) : []),
    ],
    notes: copies ? attached.flatMap(one => one.notes?.(columns) ?? []) : [],
    carries: copies && attached.length > 0,
  };
}

function obstaclesInDefinition(
  table: TableDefinition,
  change: ColumnChanges,
): string[] {
  const found: string[] = [];
  if (table.persistence !== 'p') {
    found.push(
      'This table is not logged: a crash of the server would empty it in the middle of a migration. Set it LOGGED first.',
    );
  }
  if (!table.partitioning && table.accessMethod !== 'heap') {
    found.push(
      `This table is stored by ${table.accessMethod}; only heap tables are supported.`,
    );
  }
  for (const column of table.columns) {
    found.push(...obstaclesOfGenerated(column, change));
  }
  for (const { kind, name, validated } of table.constraints) {
    if (kind === 'n' && !validated) {
      found.push(
        `The constraint ${name} (NOT NULL) is not validated, so rows could break it; validate or drop it first.`,
      );
    }
  }
  for (const { name, valid, replicaIdentity, reads } of table.indexes) {
    if (!valid) {
      found.push(
        `The index ${name} is invalid, as a failed CREATE INDEX CONCURRENTLY leaves it; drop or rebuild it first.`,
      );
    }
    if (
      replicaIdentity &&
      (!change.keepsIndex(name) || reads.some(change.dropped))
    ) {
      found.push(
        `The index ${name}, by which the table replicates (REPLICA IDENTITY USING INDEX), is not one of the new version; set the identity to DEFAULT or FULL first.`,
      );
    }
  }
  return found;
}

function obstaclesOfGenerated(
  { name, number, generated, computedFrom }: ColumnDefinition,
  change: ColumnChanges,
): string[] {
  if (!generated || change.dropped(number)) {
    return [];
  }
  if (change.retyped(number)) {
    return [
      `The column ${name} is generated, and gets another type; drop its expression first (ALTER COLUMN ${name} DROP EXPRESSION), or leave its type.`,
    ];
  }
  return computedFrom
    .filter(column => change.dropped(column) || change.retyped(column))
    .map(
      column =>
        `The column ${name} is generated from ${change.nameOf(column)}, which ${
          change.dropped(column) ? 'is dropped' : 'gets another type'
        }; drop ${name} or its expression first.`,
    );
}
