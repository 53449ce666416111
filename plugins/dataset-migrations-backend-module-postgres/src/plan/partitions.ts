import { columnName } from '@skein/backstage-plugin-dataset-migrations-common';
import { EnginePlan } from '@skein/backstage-plugin-dataset-migrations-node';
import { columnChanges } from '../carry/ColumnChanges';
import { prepared } from '../connection/prepared';
import { qualified } from '../connection/sql';
import { keysOf } from '../table/keys';
import { Layout } from '../table/layout';
import { PlannedChange } from '../table/obstacles';
import { treeOf } from '../table/readPartitions';
import { Queryable } from '../table/readTable';
import { TableDefinition } from '../table/TableDefinition';

const partitionsOf = `WITH partitions AS (
  SELECT c.* FROM ${treeOf(
    '$1',
  )} AS tree JOIN pg_class c ON c.oid = tree.oid AND c.oid <> $1
)`;

/**
 * What cannot be made in the schema of the copy, or not be moved from there. A
 * trigger is one for all partitions, but may be switched off for one of them.
 */
const problemsOfCopy = `${partitionsOf}, named AS (
    SELECT oid, relname FROM pg_class WHERE oid IN (SELECT oid FROM partitions) OR oid = $1
    UNION ALL SELECT c.oid, c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE i.indrelid = $1 OR i.indrelid IN (SELECT oid FROM partitions)
  )
  SELECT format('%s and %s have one name, and would meet in one schema while they are made; rename one of them.',
    min(oid::regclass::text), max(oid::regclass::text)) AS problem
  FROM named GROUP BY relname HAVING count(*) > 1
  UNION ALL
  SELECT DISTINCT format('The role %s may not create tables in %s, where partitions are: GRANT CREATE ON SCHEMA %2$I TO %1$I.',
    current_user, relnamespace::regnamespace)
  FROM partitions WHERE NOT has_schema_privilege(relnamespace, 'CREATE')
  UNION ALL
  SELECT format('The partition %s has a sequence of its own, %s, which would go with the old one; let the partitioned table own it (ALTER SEQUENCE ... OWNED BY).',
    d.refobjid::regclass, d.objid::regclass)
  FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
    AND d.refobjid IN (SELECT oid FROM partitions) AND d.deptype IN ('a', 'i')
  UNION ALL
  SELECT format('The trigger %s is not enabled in the partition %s as it is in the table; enable or disable it alike first.',
    t.tgname, t.tgrelid::regclass)
  FROM pg_trigger t JOIN pg_trigger parent ON parent.oid = t.tgparentid
  WHERE t.tgrelid IN (SELECT oid FROM partitions) AND t.tgenabled <> parent.tgenabled`;

/** A default that is set for the table is set for all partitions, for good. */
const problemsInPlace = `${partitionsOf}
  SELECT format('The partition %s has a default of its own for %s, which gets another; give it the one of the table first.',
    c.oid::regclass, a.attname) AS problem
  FROM partitions c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = ANY ($2::text[])
    JOIN pg_attribute p ON p.attrelid = $1 AND p.attname = a.attname
    LEFT JOIN pg_attrdef own ON own.adrelid = c.oid AND own.adnum = a.attnum
    LEFT JOIN pg_attrdef given ON given.adrelid = $1 AND given.adnum = p.attnum
  WHERE pg_get_expr(own.adbin, own.adrelid) IS DISTINCT FROM pg_get_expr(given.adbin, given.adrelid)`;

/** What stands in the way of a partitioned table, as sentences with advice. */
export async function problemsOfPartitions(
  session: Queryable,
  table: TableDefinition,
  change: PlannedChange,
): Promise<string[]> {
  if (!table.partitioning) {
    return [];
  }
  const { partitions } = table.partitioning;
  const copies = change.strategy === 'shadow-copy';
  const problems = partitions.flatMap(({ kind, detaching, ...partition }) => [
    ...(kind === 'f'
      ? [
          `The partition ${qualified(
            partition,
          )} is a foreign table, which only its own server can change; detach it, migrate, and attach it again.`,
        ]
      : []),
    ...(detaching
      ? [
          `The partition ${qualified(
            partition,
          )} is being detached; finish that first (DETACH PARTITION ... FINALIZE).`,
        ]
      : []),
  ]);
  const found = await session.query<{ problem: string }>(
    prepared(`${copies ? problemsOfCopy : problemsInPlace}
     UNION ALL
     SELECT format('The partition %s belongs to %s, of which the role %s must be a member: GRANT %2$I TO %3$I.',
       oid::regclass, pg_get_userbyid(relowner), current_user)
     FROM partitions WHERE NOT pg_has_role(relowner, 'USAGE')`),
    copies ? [table.oid] : [table.oid, columnsWithNewDefault(change.layout)],
  );
  return [
    ...problems,
    ...(copies ? problemsOfKey(table, change) : []),
    ...found.map(({ problem }) => problem),
  ];
}

/** What people should know of a partitioned table before the start. */
export function notesOnPartitions(
  { partitioning }: TableDefinition,
  strategy: EnginePlan['strategy'],
): string[] {
  if (!partitioning) {
    return [];
  }
  const count = partitioning.partitions.length;
  const partitions = `${count} partition${count === 1 ? '' : 's'}`;
  return strategy === 'metadata-only'
    ? [`The table is locked with its ${partitions}, which change with it.`]
    : [
        `The table has ${partitions}; each is made anew under its own name, for the same rows (${partitioning.key}), and all are locked by the switch. Partitions that are created, attached, detached or dropped while it is copied make the migration begin anew; when that is done after the switch, a roll back is refused.`,
      ];
}

function columnsWithNewDefault({ columns }: Layout): string[] {
  return columns.flatMap(column =>
    column.from && column.default ? [column.from.name] : [],
  );
}

/** The bounds of the partitions must mean the same rows in the new version. */
function problemsOfKey(
  table: TableDefinition,
  { policy, layout, mapping }: PlannedChange,
): string[] {
  const changes = columnChanges(mapping, table, layout);
  const key = table.columns.filter(({ partitions }) => partitions);
  const { primary, newUnique } = keysOf(mapping);
  const newKeys = [
    ...(primary?.length ? [primary] : []),
    ...newUnique.map(field => [field]),
  ].map(fields => fields.map(columnName));
  const heirs = layout.columns
    .filter(({ from }) => from?.partitions)
    .map(({ name }) => name);
  return [
    ...(policy === 'coexist'
      ? [
          `Two copies of a partitioned table cannot be written beside each other: a partition that is added to one would be missing in the other, and a row that moves to another partition would lose what only one version has. Migrate with the policy 'switch'.`,
        ]
      : []),
    ...key.flatMap(({ name, number, partitions }) => {
      const advice = `the bounds of its partitions (${
        table.partitioning!.key
      }) would not mean the same rows`;
      if (changes.dropped(number)) {
        return [
          `The table is partitioned by ${name}, which is dropped; ${advice}. Partition it by another column first.`,
        ];
      }
      return changes.retyped(number) &&
        (changes.altered(number) || partitions === 'in an expression')
        ? [
            `The table is partitioned by ${name}, which gets another type; ${advice}. Leave its type, or partition the table by another column first.`,
          ]
        : [];
    }),
    ...newKeys.flatMap(columns =>
      key.some(({ partitions }) => partitions === 'in an expression') ||
      heirs.some(heir => !columns.includes(heir))
        ? [
            `${columns.join(
              ', ',
            )} cannot become a key: PostgreSQL keeps rows of a partitioned table unique only by columns that include all of its partition key (${
              table.partitioning!.key
            }), and no expression.`,
          ]
        : [],
    ),
  ];
}
