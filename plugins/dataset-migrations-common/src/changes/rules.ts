import { ChangeEffect, ChangeKind } from './kinds';
import { fieldRules } from './rules/fieldRules';
import { meaningRules } from './rules/meaningRules';
import { objectRules } from './rules/objectRules';
import { promiseRules } from './rules/promiseRules';
import { typeRules } from './rules/typeRules';

/**
 * One rule of compatibility.
 *
 * @public
 */
export interface CompatibilityRule {
  /** What changes that it judges are about. */
  kind: ChangeKind;
  /** How grave they are, unless an organisation grades the rule otherwise. */
  effect: ChangeEffect;
  /** What it means for a reader of the old version. */
  sentence: string;
}

/**
 * The id of a rule; it stays the same for good, as configurations name it.
 *
 * @public
 */
export type CompatibilityRuleId =
  | keyof typeof objectRules
  | keyof typeof fieldRules
  | keyof typeof typeRules
  | keyof typeof promiseRules
  | keyof typeof meaningRules;

/**
 * Every rule by which changes are judged, explained one by one in
 * docs/compatibility.md.
 *
 * @public
 */
export const compatibilityRules: Readonly<
  Record<CompatibilityRuleId, CompatibilityRule>
> = {
  ...objectRules,
  ...fieldRules,
  ...typeRules,
  ...promiseRules,
  ...meaningRules,
};
