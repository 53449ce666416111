import { ContractRule, RuleLimit } from './types';

/**
 * Whether every single row that a rule counts breaks it, whatever the other
 * rows are: then some rows can be held against it by themselves. An owner's
 * query is left out, as it may fail for a row and takes its time.
 *
 * @public
 */
export function isBrokenByOneRow({
  kind,
  measure,
  unit,
  limit,
}: ContractRule): boolean {
  const countsRows =
    measure.kind === 'unmatched' ||
    (measure.kind === 'rows' && measure.where !== undefined);
  // One row in a hundred million is some percent, too.
  return kind !== 'sql' && countsRows && allowsNone(limit, unit);
}

/** Whether nothing is allowed but zero. */
function allowsNone(
  { from, to, outside }: RuleLimit,
  unit: ContractRule['unit'],
): boolean {
  if (unit === 'percent') {
    return !outside && to === 0;
  }
  return outside ? from <= 1 && to === Infinity : to < 1;
}
