import {
  columnName,
  Expression,
  Mapping,
  ProjectedField,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { castRule } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { emitProjection, soleProjection } from '../emit/projection';
import { ident } from '../connection/sql';
import { KeyColumn, logColumns } from '../control/changeLog';
import { namesOf } from '../table/keys';
import { Layout } from '../table/layout';
import { IndexDefinition, TableDefinition } from '../table/TableDefinition';

/**
 * What tells a row apart in both versions: columns of a key of the source, each
 * with the column of the target that says the same.
 */
export type RowIdentity = Array<{ source: KeyColumn; target: KeyColumn }>;

/**
 * The first key of the source whose columns the target has too, as they are or
 * cast without a loss. Undefined where there is none, and for mappings with
 * imperative agents, which may change any value.
 */
export function findIdentity(
  mapping: Mapping,
  table: TableDefinition,
  layout: Layout,
): RowIdentity | undefined {
  const projection = soleProjection(mapping);
  if (!projection) {
    return undefined;
  }
  return table.indexes
    .filter(index => isKey(index, table))
    .map(index => followKey(namesOf(table, index), table, projection, layout))
    .find(identity => identity !== undefined);
}

/** Whether no two rows can share its values, none of which is NULL, at any time. */
function isKey(index: IndexDefinition, table: TableDefinition): boolean {
  const constraint = table.constraints.find(({ name }) => name === index.name);
  return (
    index.unique &&
    index.valid &&
    index.plain &&
    !constraint?.deferrable &&
    index.columns.every(
      number => table.columns.find(column => column.number === number)?.notNull,
    )
  );
}

function followKey(
  names: string[],
  table: TableDefinition,
  projection: ProjectedField[],
  layout: Layout,
): RowIdentity | undefined {
  const identity = names.map(name => {
    const { type } = table.columns.find(column => column.name === name)!;
    const heir = projection.find(
      ({ field, expression }) =>
        keepsIdentity(expression) &&
        layout.columns.find(column => column.name === columnName(field))?.from
          ?.name === name,
    );
    if (!heir) {
      return undefined;
    }
    const target = layout.columns.find(
      column => column.name === columnName(heir.field),
    )!;
    return {
      source: { name, type },
      target: { name: target.name, type: target.newType ?? type },
    };
  });
  return identity.every(pair => pair !== undefined) ? identity : undefined;
}

/** Whether two values stay two. */
function keepsIdentity(expression: Expression): boolean {
  if (expression.op === 'field') {
    return true;
  }
  if (expression.op !== 'cast' || !keepsIdentity(expression.operand)) {
    return false;
  }
  const rule = castRule(expression.operand.type, expression.type);
  return rule.possible && rule.exact;
}

/**
 * SQL of the key of the target, of a relation with columns of the source's key.
 *
 * @param column - name of a column of the relation by that of the source's
 */
export function mappedKey(
  mapping: Mapping,
  identity: RowIdentity,
  relation: string,
  column: (name: string, index: number) => string,
): string[] {
  const projection = soleProjection(mapping)!;
  return identity.map(({ source, target }, index) => {
    const { expression } = projection.find(
      ({ field }) => columnName(field) === target.name,
    )!;
    const field = mapping.source.find(
      other => columnName(other) === source.name,
    )!;
    const scope = {
      relation,
      columns: new Map([
        [
          field.name,
          { column: column(source.name, index), physicalType: source.type },
        ],
      ]),
    };
    return emitProjection([{ field, expression }], scope)[0].value;
  });
}

/** SQL that is true where a row of a relation has a key of the relation `dirty`. */
export function sameDirty(
  relation: string,
  key: ReadonlyArray<KeyColumn>,
): string {
  return sameKey(
    relation,
    key,
    logColumns(key).map(name => `dirty.${name}`),
  );
}

/** SQL that is true where columns of a relation equal those values. */
export function sameKey(
  relation: string,
  key: ReadonlyArray<KeyColumn>,
  values: string[],
): string {
  return key
    .map(({ name }, index) => `${relation}.${ident(name)} = ${values[index]}`)
    .join(' AND ');
}
