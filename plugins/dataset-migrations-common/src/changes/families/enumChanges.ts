import { JsonValue } from '@backstage/types';
import { Field } from '../../contracts/types';
import { changeBy, FieldNames } from '../changeBy';
import { Change } from '../types';

/**
 * A reader may branch on every value that it knows: new ones surprise it, and
 * those that went leave it with nothing.
 */
export function enumChanges(
  from: Field,
  to: Field,
  names: FieldNames,
): Change[] {
  if (!from.enum || !to.enum) {
    return listStated(from, to, names);
  }
  const added = missing(to.enum, from.enum);
  const removed = missing(from.enum, to.enum);
  return [
    ...(added.length > 0
      ? [
          changeBy('enum-value-added', {
            ...names,
            summary: `can now be ${list(added)}`,
          }),
        ]
      : []),
    ...(removed.length > 0
      ? [
          changeBy('enum-value-removed', {
            ...names,
            summary: `can no longer be ${list(removed)}`,
          }),
        ]
      : []),
  ];
}

function listStated(from: Field, to: Field, names: FieldNames): Change[] {
  if (from.enum) {
    return [
      changeBy('enum-removed', {
        ...names,
        summary: 'is no longer limited to a list of values',
      }),
    ];
  }
  return to.enum
    ? [
        changeBy('enum-added', {
          ...names,
          summary: 'is now limited to a list of values',
        }),
      ]
    : [];
}

/** More than people read are counted. */
const MAX_SHOWN = 20;

function list(values: string[]): string {
  const more = values.length - MAX_SHOWN;
  return more > 0
    ? `${values.slice(0, MAX_SHOWN).join(', ')} and ${more} more`
    : values.join(', ');
}

function missing(values: JsonValue[], others: JsonValue[]): string[] {
  const known = new Set(others.map(value => JSON.stringify(value)));
  return values
    .map(value => JSON.stringify(value))
    .filter(value => !known.has(value));
}
