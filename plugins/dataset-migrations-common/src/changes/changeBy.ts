import { compatibilityRules, CompatibilityRuleId } from './rules';
import { Change } from './types';

/** The names of a field in the two versions. */
export interface FieldNames {
  from: string;
  to: string;
}

/** A change as a rule judges it. */
export function changeBy(
  rule: CompatibilityRuleId,
  details: Omit<Change, 'kind' | 'effect' | 'rule'>,
): Change {
  const { kind, effect } = compatibilityRules[rule];
  return { kind, rule, effect, ...details };
}
