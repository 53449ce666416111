import { ConflictError, InputError } from '@backstage/errors';
import {
  Change,
  ChangeIdentity,
  CompatibilityRuleId,
  compatibilityRules,
  fieldOf,
  gradeOf,
  MigrationPlan,
} from '@skein/backstage-plugin-dataset-migrations-common';

/** A change that a rule judged, as all of plans made by this release are. */
export type JudgedChange = Change & { rule: CompatibilityRuleId };

/** Sentences that an error names. */
const NAMED = 5;

/**
 * The change of a plan that somebody wants to accept.
 *
 * @throws InputError naming what does not fit: a rule that there is not, an object or a
 *   field of which that rule judges nothing, a change that touches no reader;
 *   ConflictError where it reads otherwise than it was shown
 */
export function findChange(
  plan: MigrationPlan,
  asked: ChangeIdentity,
): JudgedChange {
  const { rule, object, field, summary } = asked;
  if (!Object.hasOwn(compatibilityRules, rule)) {
    throw new InputError(
      `rule '${rule}' does not exist; docs/compatibility.md lists them`,
    );
  }
  const way = `from ${plan.fromVersion} to ${plan.toVersion}`;
  const byRule = plan.changes.filter(
    (change): change is JudgedChange => change.rule === rule,
  );
  if (byRule.length === 0) {
    throw new InputError(`rule '${rule}' judges no change ${way}`);
  }
  const ofObject = byRule.filter(change => change.object === object);
  if (ofObject.length === 0) {
    throw new InputError(
      `${named(
        'object',
        object,
      )}: rule '${rule}' judges no change of it ${way}`,
    );
  }
  const ofField = ofObject.filter(change => fieldOf(change) === field);
  if (ofField.length === 0) {
    throw new InputError(
      `${named('field', field)}: rule '${rule}' judges no change of it ${way}`,
    );
  }
  const found = ofField.find(change => change.summary === summary);
  if (!found) {
    throw new ConflictError(
      `The change reads otherwise than it was shown: ${ofField
        .slice(0, NAMED)
        .map(change => change.summary)
        .join('; ')}`,
    );
  }
  if (gradeOf(found) === 'compatible') {
    throw new InputError(
      `rule '${rule}': this change is compatible, so there is nothing to accept`,
    );
  }
  return found;
}

function named(what: string, value: string | undefined): string {
  return value === undefined ? `${what} is missing` : `${what} '${value}'`;
}
