import { Field } from '../../contracts/types';
import { changeBy, FieldNames } from '../changeBy';
import { Change } from '../types';

/**
 * Whether values are always there, differ, and refer to others.
 *
 * @param isKey - whether the field alone is the primary key in either version,
 *   which promises that its values differ without saying so
 */
export function promiseChanges(
  from: Field,
  to: Field,
  names: FieldNames,
  isKey = { from: false, to: false },
): Change[] {
  const changes: Change[] = [];
  if (from.required !== to.required) {
    changes.push(
      changeBy(from.required ? 'required-removed' : 'required-added', {
        ...names,
        summary: from.required ? 'can now be NULL' : 'is never NULL any more',
      }),
    );
  }
  if (from.unique && !to.unique && !isKey.to) {
    changes.push(
      changeBy('unique-removed', { ...names, summary: 'is no longer unique' }),
    );
  }
  if (to.unique && !from.unique && !isKey.from) {
    changes.push(
      changeBy('unique-added', { ...names, summary: 'is now unique' }),
    );
  }
  return [...changes, ...referenceChanges(from, to, names)];
}

function referenceChanges(from: Field, to: Field, names: FieldNames): Change[] {
  const [before, after] = [from, to].map(
    ({ references }) => new Set(references),
  );
  return [
    ...[...before]
      .filter(target => !after.has(target))
      .map(target =>
        changeBy('reference-removed', {
          ...names,
          summary: `no longer refers to \`${target}\``,
        }),
      ),
    ...[...after]
      .filter(target => !before.has(target))
      .map(target =>
        changeBy('reference-added', {
          ...names,
          summary: `now refers to \`${target}\``,
        }),
      ),
  ];
}
