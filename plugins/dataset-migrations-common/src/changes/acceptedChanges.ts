import { ChangeEffect } from './kinds';
import { CompatibilityRuleId } from './rules';
import { Change } from './types';

/**
 * What tells a change from the others of a plan, as people are shown it.
 *
 * @public
 */
export interface ChangeIdentity {
  rule: CompatibilityRuleId;
  /** As {@link Change.object}. */
  object?: string;
  /**
   * Name of the field in the old version, or of an added one in the new version;
   * absent for changes of a whole object, and of the whole dataset.
   */
  field?: string;
  /** As {@link Change.summary}. */
  summary: string;
}

/**
 * One change between two versions of a dataset that somebody accepted: readers that
 * it touches are at risk, and do not block.
 *
 * @public
 */
export interface AcceptedChange extends ChangeIdentity {
  id: string;
  datasetRef: string;
  fromVersion: string;
  toVersion: string;
  /** Its grade at that time; it counts no longer when that is another one. */
  effect: ChangeEffect;
  /** Why, in the words of who accepted it. */
  reason: string;
  /** Entity ref of a user, or the subject of a service. */
  by: string;
  /** When, ISO 8601. */
  at: string;
  /** Who took it back, if anybody did; also whoever had the new version rolled back. */
  withdrawnBy?: string;
  /** When, ISO 8601. */
  withdrawnAt?: string;
}

/**
 * How grave a change is, whether somebody accepted it or not: what the version bump
 * and permissions depend on.
 *
 * @public
 */
export function gradeOf({ effect, accepted }: Change): ChangeEffect {
  return accepted?.was ?? effect;
}

/**
 * The field that a change is about, by the name that a reader of the old version
 * knows, if there is one.
 *
 * @public
 */
export function fieldOf({ from, to }: Change): string | undefined {
  return from ?? to;
}

/**
 * Changes with what of them is accepted: a breaking one is no more than risky then, so
 * that those who read it are told all the same. Exactly the change counts that was
 * accepted, with its sentence and grade; what an edit of a contract makes of it does
 * not. What was accepted of them earlier, and is not any more, is as it was.
 *
 * @public
 */
export function acceptChanges(
  changes: readonly Change[],
  accepted: readonly AcceptedChange[],
): Change[] {
  const byKey = new Map(accepted.map(one => [keyOf(one), one]));
  return changes.map(({ accepted: before, ...change }) => {
    const graded: Change = { ...change, effect: before?.was ?? change.effect };
    const found =
      graded.effect === 'compatible'
        ? undefined
        : byKey.get(keyOfChange(graded));
    if (!found) {
      return graded;
    }
    const { id, by, reason, at } = found;
    return {
      ...graded,
      effect: 'risky',
      accepted: { id, by, reason, at, was: graded.effect },
    };
  });
}

/**
 * A change in short: "`delay` renamed to `arrival_delay`".
 *
 * @public
 */
export function describeChange(change: Change | ChangeIdentity): string {
  const { object, summary } = change;
  const of = ('kind' in change ? fieldOf(change) : change.field) ?? object;
  return of === undefined ? summary : `\`${of}\` ${summary}`;
}

/**
 * Who accepted a change and why, for sentences.
 *
 * @public
 */
export function describeAcceptance({ accepted }: Change): string | undefined {
  return accepted && `accepted by ${accepted.by}: ${accepted.reason}`;
}

function keyOfChange(change: Change): string {
  const { rule, object, summary, effect } = change;
  return keyOf({ rule, object, field: fieldOf(change), summary, effect });
}

function keyOf(change: {
  rule?: string;
  object?: string;
  field?: string;
  summary: string;
  effect: ChangeEffect;
}): string {
  const { rule, object, field, summary, effect } = change;
  return JSON.stringify([rule, object, field, summary, effect]);
}
