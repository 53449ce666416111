import { formatFieldType } from '../../contracts/formatFieldType';
import { Field } from '../../contracts/types';
import { changeBy, FieldNames } from '../changeBy';
import { Match } from '../matchBy';
import { Change } from '../types';

export function fieldsRemoved(fields: Field[], prefix: FieldNames): Change[] {
  return fields.map(field =>
    changeBy('field-removed', {
      from: `${prefix.from}${field.name}`,
      summary: 'dropped',
      oldType: field.type,
    }),
  );
}

export function fieldsAdded(fields: Field[], prefix: FieldNames): Change[] {
  return fields.map(field =>
    changeBy('field-added', {
      to: `${prefix.to}${field.name}`,
      summary: `added as ${formatFieldType(field.type)}`,
      newType: field.type,
    }),
  );
}

/** Readers that go by names do not see the order; it is told all the same. */
export function orderChange(
  pairs: Match<Field>['pairs'],
  to: Field[],
  prefix: FieldNames,
): Change[] {
  const order = new Map(to.map((field, index) => [field, index]));
  const positions = pairs.map(pair => order.get(pair.to)!);
  const inOrder = positions.every(
    (position, index) => index === 0 || positions[index - 1] < position,
  );
  return inOrder
    ? []
    : [
        changeBy('fields-reordered', {
          ...(prefix.from
            ? { from: prefix.from.slice(0, -1), to: prefix.to.slice(0, -1) }
            : {}),
          summary: 'fields are in another order',
        }),
      ];
}
