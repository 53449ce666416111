import { Field } from '../../contracts/types';
import { changeBy, FieldNames } from '../changeBy';
import { Change } from '../types';

/** Whether readers must ask for the field by another name. */
export function nameChanges(
  from: Field,
  to: Field,
  names: FieldNames,
): Change[] {
  if (from.name !== to.name) {
    return [
      changeBy('field-renamed', {
        ...names,
        summary: `renamed to \`${names.to}\``,
      }),
    ];
  }
  const [oldName, newName] = [
    from.physicalName ?? from.name,
    to.physicalName ?? to.name,
  ];
  return oldName === newName
    ? []
    : [
        changeBy('field-renamed', {
          ...names,
          summary: `called \`${newName}\` instead of \`${oldName}\` in the store`,
        }),
      ];
}
