import { Change } from '@skein/backstage-plugin-dataset-migrations-common';
import { FieldFlow } from '../fieldUse/lineage/matchOutputs';

/** Whether a change comes to a field: for certain, or perhaps. */
export type Carried = 'certain' | 'perhaps' | undefined;

/** Changes of the name alone. */
const NAMES: ReadonlySet<Change['kind']> = new Set<Change['kind']>([
  'field-renamed',
  'field-moved',
]);

/** Nothing can be made of the field any more. */
const GONE: ReadonlySet<Change['kind']> = new Set<Change['kind']>([
  'field-dropped',
  'object-dropped',
]);

/**
 * Whether a change of a field comes to a field that is made of it, or of a field
 * inside it or around it.
 *
 * A new name ends at an alias: who calls the field otherwise keeps that name. What is
 * computed has a name of its own, too, and perhaps a type of its own.
 */
export function carry(
  { kind }: Pick<Change, 'kind'>,
  changed: string,
  flow: Pick<FieldFlow, 'to' | 'computed'> & { from: { field: string } },
): Carried {
  const made = flow.from.field;
  const isInside = made.startsWith(`${changed}.`);
  const isAround = changed.startsWith(`${made}.`);
  if (made !== changed && !isInside && !isAround) {
    return undefined;
  }
  const unlessComputed = flow.computed ? 'perhaps' : 'certain';
  if (isAround) {
    // The structure goes on as a whole, with what changes in it.
    return unlessComputed;
  }
  if (GONE.has(kind)) {
    return 'certain';
  }
  if (NAMES.has(kind)) {
    return !isInside && !flow.computed && isSameName(made, flow.to)
      ? 'certain'
      : undefined;
  }
  return unlessComputed;
}

function isSameName(one: string, other: string): boolean {
  return lastPart(one) === lastPart(other);
}

function lastPart(field: string): string {
  return field.slice(field.lastIndexOf('.') + 1).toLocaleLowerCase('en-US');
}
