import { FieldType } from '../contracts/types';
import { ChangeEffect, ChangeKind } from './kinds';
import { CompatibilityRuleId } from './rules';

/**
 * Who accepted a change, and why.
 *
 * @public
 */
export interface ChangeAcceptance {
  id: string;
  /** Entity ref of a user, or the subject of a service. */
  by: string;
  reason: string;
  /** When, ISO 8601. */
  at: string;
  /** The grade that the change has otherwise. */
  was: ChangeEffect;
}

/**
 * One difference between two contracts.
 *
 * @public
 */
export interface Change {
  kind: ChangeKind;
  /**
   * The rule that judged it; absent in plans that are older than the rules' ids.
   */
  rule?: CompatibilityRuleId;
  /**
   * Name of the schema object in the old version, or in the new one where only
   * that has it; absent where the contract has one object, and for changes of
   * the whole dataset.
   */
  object?: string;
  /**
   * Name of the field in the old version, nested ones as `address.street`, and
   * as `airports.code` where the contract has several objects; absent for an
   * added field, and for changes of the whole object.
   */
  from?: string;
  /**
   * Name of the field in the new version; absent for a dropped field, and for
   * changes of the whole object.
   */
  to?: string;
  /** How grave it is for readers of the old version. */
  effect: ChangeEffect;
  /** Present where somebody accepted it; then it is no more than risky. */
  accepted?: ChangeAcceptance;
  /** A sentence for people: "renamed to `arrival_delay`". */
  summary: string;
  /** The types before and after, where they differ. */
  oldType?: FieldType;
  newType?: FieldType;
}
