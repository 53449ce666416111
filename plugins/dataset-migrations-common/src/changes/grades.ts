import { InputError } from '@backstage/errors';
import { quoteValue } from '../documents/problems';
import { gradeOf } from './acceptedChanges';
import { ChangeEffect } from './kinds';
import { compatibilityRules, CompatibilityRuleId } from './rules';
import { Change } from './types';

/**
 * How grave an organisation holds the changes of some rules to be.
 *
 * @public
 */
export type CompatibilityGrades = Partial<
  Record<CompatibilityRuleId, ChangeEffect>
>;

const effects: readonly ChangeEffect[] = ['breaking', 'risky', 'compatible'];

/**
 * Checks what a configuration says of rules.
 *
 * @param path - where it stands, for messages
 * @throws InputError naming a rule that there is not, or a grade that is none
 * @public
 */
export function readCompatibilityGrades(
  value: unknown,
  path = 'datasetMigrations.compatibility.rules',
): CompatibilityGrades {
  if (value === undefined || value === null) {
    return {};
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new InputError(
      `${path} must give rules their grades, as in "enum-value-added: risky" (got ${quoteValue(
        value,
      )})`,
    );
  }
  for (const [rule, effect] of Object.entries(value)) {
    if (!Object.hasOwn(compatibilityRules, rule)) {
      throw new InputError(
        `${path}.${rule}: there is no such rule; docs/compatibility.md lists them`,
      );
    }
    if (!effects.includes(effect)) {
      throw new InputError(
        `${path}.${rule} must be one of ${effects.join(', ')} (got ${quoteValue(
          effect,
        )})`,
      );
    }
  }
  return value;
}

/**
 * The changes as an organisation grades them.
 *
 * @public
 */
export function gradeChanges(
  changes: readonly Change[],
  grades: CompatibilityGrades,
): Change[] {
  return changes.map(change => ({
    ...change,
    effect: (change.rule && grades[change.rule]) ?? change.effect,
  }));
}

/**
 * The gravest grade among changes, accepted or not; compatible where there are none.
 *
 * @public
 */
export function gravestEffect(changes: readonly Change[]): ChangeEffect {
  return (
    effects.find(effect =>
      changes.some(change => gradeOf(change) === effect),
    ) ?? 'compatible'
  );
}
