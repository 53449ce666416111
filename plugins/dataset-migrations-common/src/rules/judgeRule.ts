import { VerificationReport } from '../api/types/verification';
import { ContractRule, RuleLimit } from './types';

/**
 * Compares what a rule measured with its limit.
 *
 * @param measured - as the engine computed it; null satisfies no limit
 * @param rows - of the whole table or set of files, for rules in percent
 * @returns what the report says of the rule, without the number itself, which
 *   may be a value of a row
 */
export function judgeRule(
  { rule, field, measure, unit, limit }: ContractRule,
  measured: number | null,
  rows: number,
): VerificationReport['contractChecks'][number] {
  const ok =
    measured !== null &&
    isWithin(unit === 'percent' ? percentage(measured, rows) : measured, limit);
  const countsRows =
    measure.kind === 'unmatched' ||
    measure.kind === 'duplicates' ||
    (measure.kind === 'rows' && measure.where !== undefined);
  const broken = countsRows && measured !== null ? Math.max(measured, 1) : 1;
  return {
    rule,
    ...(field !== undefined && { field }),
    ok,
    violations: ok ? 0 : broken,
  };
}

function percentage(part: number, rows: number): number {
  return rows === 0 ? 0 : (100 * part) / rows;
}

function isWithin(value: number, { from, to, outside }: RuleLimit): boolean {
  return (value >= from && value <= to) !== (outside === true);
}
