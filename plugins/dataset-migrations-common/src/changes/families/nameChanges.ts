import { columnName } from '../../contracts/columnName';
import { Field } from '../../contracts/types';
import { changeBy, FieldNames } from '../changeBy';
import { Change } from '../types';

/**
 * Whether readers must ask for the field by another name.
 *
 * @param isInside - of another field: there, data has the name of the contract
 */
export function nameChanges(
  from: Field,
  to: Field,
  names: FieldNames,
  isInside: boolean,
): Change[] {
  const [oldColumn, newColumn] = [columnName(from), columnName(to)];
  if (from.name !== to.name) {
    return [
      oldColumn === newColumn && !isInside
        ? changeBy('logical-name-changed', {
            ...names,
            summary: `renamed to \`${names.to}\` in the contract; its column is \`${newColumn}\`, as before`,
          })
        : changeBy('field-renamed', {
            ...names,
            summary: `renamed to \`${names.to}\``,
          }),
    ];
  }
  return oldColumn === newColumn
    ? []
    : [
        changeBy('field-renamed', {
          ...names,
          summary: `called \`${newColumn}\` instead of \`${oldColumn}\` in the store`,
        }),
      ];
}
