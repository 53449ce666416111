import { columnName } from '@skein/backstage-plugin-dataset-migrations-common';
import { ident, literal } from '../connection/sql';
import { RunContext } from '../RunContext';
import { RowIdentity } from '../sync/rowIdentity';
import { keysOf, namesOf, sameNames } from '../table/keys';
import {
  ConstraintDefinition,
  IndexDefinition,
  TableDefinition,
} from '../table/TableDefinition';

/**
 * Index on what tells rows apart, where no key of the new version is one;
 * stays only until the cut over.
 */
export const IDENTITY_INDEX = 'skein_identity';

/**
 * The statements that complete the shadow once all rows are in it, in their
 * order. Keys and indexes are built then, as rows that go into a table with a
 * key cost twice as much.
 *
 * @param before - the source
 * @param altered - a table of the source's definition with the target's columns
 * @param extra.attached - makes what hangs on the table and reads all rows
 * @param extra.parts - indexes of partitions, which are complete already
 * @param extra.identity - columns by which written rows will be looked for
 */
export function finishStatements(
  context: RunContext,
  before: TableDefinition,
  altered: TableDefinition,
  extra: {
    attached: string[];
    parts: IndexPart[];
    identity: RowIdentity | undefined;
  },
): string[] {
  const { shadow, run } = context;
  const keys = keysOf(run.mapping);
  const has = (columns: string[]) =>
    altered.indexes.some(
      index =>
        index.unique &&
        index.plain &&
        sameNames(namesOf(altered, index), columns),
    );

  const statements = indexesAndChecks(context, before, altered, extra.parts);
  const primary = keys.primary?.map(columnName) ?? [];
  if (primary.length > 0) {
    statements.push(
      `ALTER TABLE ${shadow} ADD PRIMARY KEY (${primary
        .map(ident)
        .join(', ')})`,
    );
  }
  for (const field of keys.newUnique) {
    const column = columnName(field);
    if (!has([column]) && !sameNames(primary, [column])) {
      statements.push(`ALTER TABLE ${shadow} ADD UNIQUE (${ident(column)})`);
    }
  }
  const names = extra.identity?.map(({ target }) => target.name);
  if (names && !has(names) && !sameNames(primary, names)) {
    statements.push(
      `CREATE INDEX ${IDENTITY_INDEX} ON ${shadow} (${names
        .map(ident)
        .join(', ')})`,
    );
  }
  return [...statements, ...extra.attached, `ANALYZE ${shadow}`];
}

/** An index of a partition that is a part of one of the table. */
export interface IndexPart {
  name: string;
  /** Name of the index of the table. */
  partOf: string;
}

/**
 * The statements that give a full table of the shadow, or a partition, the
 * indexes of the source and its checks that were left out.
 *
 * @param parts - indexes of its partitions
 */
export function indexesAndChecks(
  context: RunContext,
  before: TableDefinition,
  altered: TableDefinition,
  parts: IndexPart[],
): string[] {
  return [
    ...altered.indexes.flatMap(index => [
      ...indexStatements(context, before, altered, index),
      ...attachStatements(context, index, parts),
    ]),
    ...uncheckedStatements(context, before, altered),
  ];
}

/** Completes an index of a partitioned table, in one statement. */
function attachStatements(
  { next }: RunContext,
  { name }: IndexDefinition,
  parts: IndexPart[],
): string[] {
  const attached = parts
    .filter(({ partOf }) => partOf === name)
    .map(
      part =>
        `ALTER INDEX ${ident(next)}.${ident(name)} ATTACH PARTITION ${ident(
          next,
        )}.${ident(part.name)}`,
    );
  return attached.length > 0 ? [attached.join(';\n')] : [];
}

/**
 * Whether an index is made as a constraint: where more than equality decides,
 * and in a partitioned table, whose constraints can use no index that is there.
 */
export function isOfConstraint(
  table: TableDefinition,
  { name, exclusion }: IndexDefinition,
): boolean {
  return (
    (exclusion || table.partitioning !== undefined) &&
    constraintOf(table, name) !== undefined
  );
}

function constraintOf(
  table: TableDefinition,
  index: string,
): ConstraintDefinition | undefined {
  return table.constraints.find(
    ({ name, kind }) => name === index && ['p', 'u', 'x'].includes(kind),
  );
}

/** Checks that rows of the source may break are added without a look at them. */
function uncheckedStatements(
  { shadow }: RunContext,
  before: TableDefinition,
  altered: TableDefinition,
): string[] {
  return uncheckedConstraints(before).flatMap(
    ({ name, definition, comment }) => {
      const check = altered.constraints.find(other => other.name === name);
      if (!check) {
        return [];
      }
      const suffix = definition.endsWith(' NOT ENFORCED')
        ? ' NOT ENFORCED'
        : ' NOT VALID';
      const rule = check.definition.replace(/ NOT (?:ENFORCED|VALID)$/, '');
      return [
        `ALTER TABLE ${shadow} ADD CONSTRAINT ${ident(name)} ${rule}${suffix}`,
        ...commentOn(shadow, name, comment),
      ];
    },
  );
}

/** Checks that do not hold for every row that is there. */
export function uncheckedConstraints(
  table: TableDefinition,
): ConstraintDefinition[] {
  return table.constraints.filter(
    ({ kind, validated }) => kind === 'c' && !validated,
  );
}

function commentOn(
  table: string,
  constraint: string,
  comment: string | undefined,
): string[] {
  return comment === undefined
    ? []
    : [
        `COMMENT ON CONSTRAINT ${ident(constraint)} ON ${table} IS ${literal(
          comment,
        )}`,
      ];
}

/** Builds an index with what belongs to it and is not in its definition. */
function indexStatements(
  { shadow, next }: RunContext,
  before: TableDefinition,
  altered: TableDefinition,
  index: IndexDefinition,
): string[] {
  const { name } = index;
  const original = before.indexes.find(other => other.name === name)!;
  const constraint = constraintOf(before, name);
  // Partitions have theirs already.
  const table = before.partitioning ? `ONLY ${shadow}` : shadow;
  const asConstraint = isOfConstraint(before, index);
  const statements = inTablespace(
    original.tablespace,
    asConstraint
      ? `ALTER TABLE ${table} ADD CONSTRAINT ${ident(name)} ${
          constraintOf(altered, name)!.definition
        }`
      : `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${ident(
          name,
        )} ON ${table} ${index.body}`,
  );
  if (constraint && !asConstraint) {
    const kind = constraint.kind === 'p' ? 'PRIMARY KEY' : 'UNIQUE';
    const deferrable = constraint.deferrable ? ' DEFERRABLE' : '';
    const deferred = constraint.deferred ? ' INITIALLY DEFERRED' : '';
    statements.push(
      `ALTER TABLE ${shadow} ADD CONSTRAINT ${ident(
        name,
      )} ${kind} USING INDEX ${ident(name)}${deferrable}${deferred}`,
    );
  }
  statements.push(...commentOn(shadow, name, constraint?.comment));
  if (original.replicaIdentity) {
    statements.push(
      `ALTER TABLE ${shadow} REPLICA IDENTITY USING INDEX ${ident(name)}`,
    );
  }
  if (original.comment !== undefined) {
    statements.push(
      `COMMENT ON INDEX ${ident(next)}.${ident(name)} IS ${literal(
        original.comment,
      )}`,
    );
  }
  if (original.clustered) {
    statements.push(`ALTER TABLE ${shadow} CLUSTER ON ${ident(name)}`);
  }
  return statements;
}

/** `pg_get_indexdef` does not say in which one. */
function inTablespace(
  tablespace: string | undefined,
  statement: string,
): string[] {
  return tablespace
    ? [
        `SET LOCAL default_tablespace = ${ident(
          tablespace,
        )};\n${statement};\nRESET default_tablespace`,
      ]
    : [statement];
}
