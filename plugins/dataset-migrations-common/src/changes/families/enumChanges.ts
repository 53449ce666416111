import { JsonValue } from '@backstage/types';
import { Field } from '../../contracts/types';
import { changeBy, FieldNames } from '../changeBy';
import { fingerprint, inShort } from '../inShort';
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

/** More than people read are counted, with a number that tells them from others. */
const MAX_SHOWN = 20;

function list(values: string[]): string {
  const shown = values.slice(0, MAX_SHOWN).map(inShort).join(', ');
  const hidden = values.slice(MAX_SHOWN);
  return hidden.length > 0
    ? `${shown} and ${hidden.length} more (${fingerprint(hidden.join(', '))})`
    : shown;
}

function missing(values: JsonValue[], others: JsonValue[]): string[] {
  const known = new Set(others.map(value => JSON.stringify(value)));
  return values
    .map(value => JSON.stringify(value))
    .filter(value => !known.has(value));
}
