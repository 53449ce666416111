import { Field } from '../../contracts/types';
import { changeBy, FieldNames } from '../changeBy';
import { CompatibilityRuleId } from '../rules';
import { Change } from '../types';

/**
 * One change for each field of the old key, so that it touches its readers and
 * nobody else. A key that only follows a renamed field is the same key.
 */
export function keyChanges(
  from: Field[],
  to: Field[],
  newNames: ReadonlyMap<string, string>,
  prefix: FieldNames,
): Change[] {
  const before = keyOf(from).map(({ name }) => newNames.get(name) ?? name);
  const after = keyOf(to).map(field => field.name);
  if (isSameSet(before, after)) {
    return [];
  }
  const summary =
    after.length === 0
      ? 'there is no primary key any more'
      : `the primary key is now ${after
          .map(name => `\`${prefix.to}${name}\``)
          .join(', ')}`;
  if (before.length === 0) {
    return [changeBy('key-added', { summary })];
  }
  const rule = ruleOf(before, after, to);
  return keyOf(from).map((field, index) =>
    changeBy(rule, {
      from: `${prefix.from}${field.name}`,
      to: `${prefix.to}${before[index]}`,
      summary,
    }),
  );
}

/** In another order a key identifies the same rows. */
function isSameSet(before: string[], after: string[]): boolean {
  return (
    before.length === after.length && after.every(name => before.includes(name))
  );
}

/**
 * A row that fewer fields identify is identified by all of them, too; so it is
 * where one of them alone is promised to differ and to be there.
 */
function ruleOf(
  before: string[],
  after: string[],
  to: Field[],
): CompatibilityRuleId {
  const isNarrower =
    after.length > 0 && after.every(name => before.includes(name));
  const isPromised = to.some(
    ({ name, unique, required }) => unique && required && before.includes(name),
  );
  if (isNarrower || isPromised) {
    return 'key-kept';
  }
  return after.length === 0 ? 'key-removed' : 'key-changed';
}

/** Whether the field alone is the key, and so differs in every row. */
export function isWholeKey(field: Field, fields: Field[]): boolean {
  return field.primaryKeyPosition !== undefined && keyOf(fields).length === 1;
}

function keyOf(fields: Field[]): Field[] {
  return fields
    .filter(field => field.primaryKeyPosition !== undefined)
    .sort((a, b) => a.primaryKeyPosition! - b.primaryKeyPosition!);
}
