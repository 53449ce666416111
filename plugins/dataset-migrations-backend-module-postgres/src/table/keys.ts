import {
  columnName,
  Field,
  Mapping,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { IndexDefinition, TableDefinition } from './TableDefinition';

/** How the target's keys differ from the source's, by the contracts. */
export interface KeyChanges {
  /** The new primary key, empty for none; undefined where it stays. */
  primary?: Field[];
  newUnique: Field[];
  /** Columns of the source that need not be unique any more. */
  noLongerUnique: string[];
}

/** Fields of the primary key in its order. */
export function primaryKey(fields: Field[]): Field[] {
  return fields
    .filter(field => field.primaryKeyPosition !== undefined)
    .sort((a, b) => a.primaryKeyPosition! - b.primaryKeyPosition!);
}

/** Names of the columns of an index, empty for an expression. */
export function namesOf(
  table: TableDefinition,
  index: IndexDefinition,
): string[] {
  return index.columns.map(
    number =>
      table.columns.find(column => column.number === number)?.name ?? '',
  );
}

/** The field of the source that a field of the target is, renamed or cast. */
export function ancestorOf(mapping: Mapping, target: Field): Field | undefined {
  const last = mapping.segments[mapping.segments.length - 1];
  if (last.kind !== 'projection') {
    return undefined;
  }
  let expression = last.fields.find(
    projected => projected.field.name === target.name,
  )?.expression;
  while (expression?.op === 'cast') {
    expression = expression.operand;
  }
  const name = expression?.op === 'field' ? expression.name : undefined;
  return mapping.source.find(field => field.name === name);
}

export function keysOf(mapping: Mapping): KeyChanges {
  const before = primaryKey(mapping.source).map(({ name }) => name);
  const primary = primaryKey(mapping.target);
  const after = primary.map(field => ancestorOf(mapping, field)?.name);
  const samePrimary =
    before.length === after.length &&
    before.every((name, index) => name === after[index]);
  const pairs = mapping.target.map(field => ({
    field,
    before: ancestorOf(mapping, field),
  }));
  return {
    primary: samePrimary ? undefined : primary,
    newUnique: pairs
      .filter(pair => pair.field.unique && !pair.before?.unique)
      .map(pair => pair.field),
    noLongerUnique: pairs
      .filter(pair => !pair.field.unique && pair.before?.unique)
      .map(pair => columnName(pair.before!)),
  };
}

/** Indexes of keys that the new contract does not have any more. */
export function obsoleteIndexes(
  mapping: Mapping,
  table: TableDefinition,
): IndexDefinition[] {
  const { primary, noLongerUnique } = keysOf(mapping);
  return table.indexes.filter(
    index =>
      (primary !== undefined && index.primary) ||
      isOnlyOn(table, index, noLongerUnique),
  );
}

/** Whether it only keeps one of these columns unique. */
function isOnlyOn(
  table: TableDefinition,
  index: IndexDefinition,
  columns: string[],
): boolean {
  return (
    index.unique &&
    !index.primary &&
    index.plain &&
    columns.some(column => sameNames(namesOf(table, index), [column]))
  );
}

/** Whether two lists of columns are one, in any order. */
export function sameNames(a: string[], b: string[]): boolean {
  return a.length === b.length && [...a].sort().join() === [...b].sort().join();
}
