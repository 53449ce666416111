import { Field } from '../../contracts/types';
import { changeBy, FieldNames } from '../changeBy';
import { Change } from '../types';

/** Whether values are always there, differ, and refer to others. */
export function promiseChanges(
  from: Field,
  to: Field,
  names: FieldNames,
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
  if (from.unique !== to.unique) {
    changes.push(
      changeBy(from.unique ? 'unique-removed' : 'unique-added', {
        ...names,
        summary: from.unique ? 'is no longer unique' : 'is now unique',
      }),
    );
  }
  return [...changes, ...referenceChanges(from, to, names)];
}

function referenceChanges(from: Field, to: Field, names: FieldNames): Change[] {
  const [before, after] = [from.references ?? [], to.references ?? []];
  return [
    ...before
      .filter(target => !after.includes(target))
      .map(target =>
        changeBy('reference-removed', {
          ...names,
          summary: `no longer refers to \`${target}\``,
        }),
      ),
    ...after
      .filter(target => !before.includes(target))
      .map(target =>
        changeBy('reference-added', {
          ...names,
          summary: `now refers to \`${target}\``,
        }),
      ),
  ];
}
