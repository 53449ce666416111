import { Field, FieldType } from '../../contracts/types';
import { FieldNames } from '../changeBy';
import { Change } from '../types';
import { enumChanges } from './enumChanges';
import { optionChanges } from './optionChanges';
import { promiseChanges } from './promiseChanges';

/** What is promised of each item of a list, beyond its type. */
export function itemChanges(
  from: Field,
  to: Field,
  names: FieldNames,
): Change[] {
  const [before, after] = [from, to].map(itemOf);
  if (!before || !after) {
    return [];
  }
  return [
    ...promiseChanges(before, after, names),
    ...enumChanges(before, after, names),
    ...optionChanges(before, after, names),
    ...itemChanges(before, after, names),
  ].map(change => ({ ...change, summary: `each item ${change.summary}` }));
}

/** Each item of a list, as a field; undefined for all else. */
export function itemOf({ type, items }: Field): Field | undefined {
  return type.kind === 'array' ? items ?? unpromised(type.items) : undefined;
}

function unpromised(type: FieldType): Field {
  return { name: 'items', type, required: false, unique: false };
}
