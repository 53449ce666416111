import { Field } from '../../contracts/types';
import { changeBy, FieldNames } from '../changeBy';
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
  if (before.join('\n') === after.join('\n')) {
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
  return keyOf(from).map((field, index) =>
    changeBy(after.length === 0 ? 'key-removed' : 'key-changed', {
      from: `${prefix.from}${field.name}`,
      to: `${prefix.to}${before[index]}`,
      summary,
    }),
  );
}

function keyOf(fields: Field[]): Field[] {
  return fields
    .filter(field => field.primaryKeyPosition !== undefined)
    .sort((a, b) => a.primaryKeyPosition! - b.primaryKeyPosition!);
}
