import { Mapping } from '@skein/backstage-plugin-dataset-migrations-common';
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
  const inPlace =
    soleProjection(mapping) !== undefined &&
    layout.dropped.length === 0 &&
    layout.columns.every(column => changesInPlace(mapping, column)) &&
    sameKeys(mapping);
  return inPlace ? 'metadata-only' : 'shadow-copy';
}

function changesInPlace(mapping: Mapping, column: TargetColumn): boolean {
  const { from, newType, field } = column;
  if (!from) {
    const expression = soleProjection(mapping)!.find(
      projected => projected.field.name === field.name,
    )!.expression;
    return (
      expression.op === 'literal' &&
      !(column.notNull && expression.value === null)
    );
  }
  return (
    (newType === undefined || isWidening(from.type, newType)) &&
    (from.notNull || !column.notNull)
  );
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
