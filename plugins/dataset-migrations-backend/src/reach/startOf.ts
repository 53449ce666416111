import { Change } from '@skein/backstage-plugin-dataset-migrations-common';
import { noSpread, Spread, Touch } from './types';

/** What other datasets may promise because this one does. */
const PROMISES: ReadonlySet<Change['kind']> = new Set<Change['kind']>([
  'quality-changed',
  'service-level-changed',
]);

/**
 * What changes in the dataset that a reach starts from, as far as it can come to
 * others: breaking and risky changes of its fields and promises. Where it is, what its
 * tables are called, and what its contract alone calls a column, ends with who reads it.
 *
 * @param unplanned - why there is no plan, so that anything may change
 */
export function startOf(
  changes: readonly Change[],
  unplanned?: string,
): Spread {
  const start = noSpread();
  if (unplanned !== undefined) {
    start.doubts.set('', { kind: 'unplanned', reason: unplanned });
  }
  for (const cause of changes) {
    const field =
      cause.from ??
      (cause.kind === 'object-dropped' ? cause.object : undefined);
    const comesToOthers =
      (field !== undefined && cause.rule !== 'logical-name-changed') ||
      PROMISES.has(cause.kind);
    if (cause.effect !== 'compatible' && comesToOthers) {
      addTouch(start, { field, cause, certain: true });
    }
  }
  return start;
}

/** Adds a change, unless it is known to come for certain. */
export function addTouch(spread: Spread, touch: Touch): void {
  const { cause, field, certain } = touch;
  const key = JSON.stringify([field, cause.kind, nameOf(cause), cause.summary]);
  const known = spread.touches.get(key);
  if (!known || (certain && !known.certain)) {
    spread.touches.set(key, touch);
  }
}

/** The field that a change is about, or the object. */
export function nameOf({ from, object }: Change): string | undefined {
  return from ?? object;
}
