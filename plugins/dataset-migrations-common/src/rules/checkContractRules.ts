import { VerificationReport } from '../api/types/verification';
import { Contract } from '../contracts/types';
import { initPlanning } from '../expressions/parser/sqlParser';
import { contractRules } from './contractRules';
import { judgeRule } from './judgeRule';
import { ContractRule, SelectedMeasure } from './types';

/**
 * How a store measures its rows.
 *
 * @public
 */
export interface RowMeasurer {
  /**
   * The number of all rows, and the measures in their order, in one scan: none
   * of them can fail for any row.
   */
  together(
    measures: SelectedMeasure[],
  ): Promise<{ rows: number; measured: Array<number | null> }>;
  /** One measure by itself; null when it cannot be computed. */
  alone(rule: ContractRule): Promise<number | null>;
}

/**
 * Holds what a contract says of the values of its rows against what a store
 * measures. Does not ask the store when the contract says nothing.
 *
 * @param only - which of the rules; all by default
 * @public
 */
export async function checkContractRules(
  contract: Contract,
  measurer: RowMeasurer,
  only: (rule: ContractRule) => boolean = () => true,
): Promise<VerificationReport['contractChecks']> {
  await initPlanning();
  const rules = contractRules(contract).filter(only);
  if (rules.length === 0) {
    return [];
  }
  const shared = sharedOf(rules);
  const { rows, measured } = await measurer.together(
    shared.map(({ measure }) => measure),
  );
  const checks: VerificationReport['contractChecks'] = [];
  for (const rule of rules) {
    const index = shared.findIndex(item => item.rule === rule);
    const number = index >= 0 ? measured[index] : await measurer.alone(rule);
    checks.push(judgeRule(rule, number, rows));
  }
  return checks;
}

/** Those that one scan measures together, as no row can make them fail. */
function sharedOf(
  rules: ContractRule[],
): Array<{ rule: ContractRule; measure: SelectedMeasure }> {
  return rules.flatMap(rule => {
    const { kind, measure } = rule;
    return kind !== 'sql' &&
      (measure.kind === 'rows' || measure.kind === 'unmatched')
      ? [{ rule, measure }]
      : [];
  });
}
