import { Field } from '../../contracts/types';
import { changeBy, FieldNames } from '../changeBy';
import { Change } from '../types';

/** What the values mean, as far as contracts say: for people to look at. */
export function meaningChanges(
  from: Field,
  to: Field,
  names: FieldNames,
): Change[] {
  return [
    ...unitChanges(from, to, names),
    ...classificationChanges(from, to, names),
    ...(from.description === to.description
      ? []
      : [
          changeBy('description-changed', {
            ...names,
            summary: 'described in other words',
          }),
        ]),
  ];
}

function unitChanges(from: Field, to: Field, names: FieldNames): Change[] {
  if (from.unit === to.unit) {
    return [];
  }
  if (from.unit === undefined) {
    return [changeBy('unit-added', { ...names, summary: `is in ${to.unit}` })];
  }
  return to.unit === undefined
    ? [
        changeBy('unit-removed', {
          ...names,
          summary: `no longer says that it is in ${from.unit}`,
        }),
      ]
    : [
        changeBy('unit-changed', {
          ...names,
          summary: `is in ${to.unit} instead of ${from.unit}`,
        }),
      ];
}

function classificationChanges(
  from: Field,
  to: Field,
  names: FieldNames,
): Change[] {
  if (from.classification === to.classification) {
    return [];
  }
  return to.classification === undefined
    ? [
        changeBy('classification-removed', {
          ...names,
          summary: `is no longer ${from.classification}`,
        }),
      ]
    : [
        changeBy('classification-changed', {
          ...names,
          summary: `is now ${to.classification}`,
        }),
      ];
}
