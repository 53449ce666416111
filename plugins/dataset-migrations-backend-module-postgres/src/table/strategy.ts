import {
  Mapping,
  ProjectedField,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { EnginePlan } from '@skein/backstage-plugin-dataset-migrations-node';
import { soleProjection } from '../emit/projection';
import { keysOf } from './keys';
import { Layout, TargetColumn } from './layout';

/**
 * Metadata-only for what PostgreSQL does without reading or rewriting a row:
 * renames, new columns with a constant, widened text and numbers, lifted NOT
 * NULL. Anything else, a dropped column included (it could not be rolled back),
 * makes a copy.
 */
export function chooseStrategy(
  mapping: Mapping,
  layout: Layout,
): EnginePlan['strategy'] {
  return reasonsToCopy(mapping, layout).length > 0
    ? 'shadow-copy'
    : 'metadata-only';
}

/** What cannot be done in place, as clauses; none where everything can. */
export function reasonsToCopy(mapping: Mapping, layout: Layout): string[] {
  const projection = soleProjection(mapping);
  if (!projection) {
    return ['the rows go through an agent'];
  }
  return [
    ...layout.columns.flatMap(column => reasonOf(projection, column) ?? []),
    ...layout.dropped.map(
      ({ name }) =>
        `a roll back could not bring back what a dropped ${name} held`,
    ),
    ...(mapping.setAside ? ['rows that do not cast are set aside'] : []),
    ...(sameKeys(mapping) ? [] : ['a key of the table changes']),
  ];
}

function reasonOf(
  projection: ProjectedField[],
  { name, from, newType, field, notNull }: TargetColumn,
): string | undefined {
  if (!from) {
    const { expression } = projection.find(
      projected => projected.field.name === field.name,
    )!;
    if (expression.op !== 'literal') {
      return `${name} is computed for every row`;
    }
    return notNull && expression.value === null
      ? `${name} is required and has no value`
      : undefined;
  }
  if (newType !== undefined && !isWidening(from.type, newType)) {
    return `PostgreSQL would rewrite the table for ${name}: ${from.type} to ${newType}`;
  }
  if (newType !== undefined && newType !== from.type && from.partitions) {
    return `PostgreSQL does not change the type of ${name}, by which the table is partitioned`;
  }
  return notNull && !from.notNull
    ? `PostgreSQL would keep everybody out while it looks for rows without ${name}`
    : undefined;
}

/** Whether PostgreSQL changes the type without rewriting the table. */
export function isWidening(from: string, to: string): boolean {
  if (from === to) {
    return true;
  }
  const text = /^character varying(?:\((\d+)\))?$/;
  const number = /^numeric(?:\((\d+),(\d+)\))?$/;
  const oldText = text.exec(from);
  if (oldText) {
    const newText = text.exec(to);
    return to === 'text' || (!!newText && contains(newText[1], oldText[1]));
  }
  const oldNumber = number.exec(from);
  const newNumber = number.exec(to);
  if (oldNumber && newNumber) {
    return (
      newNumber[1] === undefined ||
      (contains(newNumber[1], oldNumber[1]) && newNumber[2] === oldNumber[2])
    );
  }
  return false;
}

/** A limit that is absent contains every other. */
function contains(outer: string | undefined, inner: string | undefined) {
  return (
    outer === undefined ||
    (inner !== undefined && Number(outer) >= Number(inner))
  );
}

/** Whether no key has to be built, nor any column of a key is new. */
function sameKeys(mapping: Mapping): boolean {
  const keys = keysOf(mapping);
  return (
    keys.primary === undefined &&
    keys.newUnique.length === 0 &&
    keys.noLongerUnique.length === 0
  );
}
