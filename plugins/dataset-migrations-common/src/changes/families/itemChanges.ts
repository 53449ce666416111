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
  if (from.type.kind !== 'array' || to.type.kind !== 'array') {
    return [];
  }
  const before = from.items ?? unpromised(from.type.items);
  const after = to.items ?? unpromised(to.type.items);
  return [
    ...promiseChanges(before, after, names),
    ...enumChanges(before, after, names),
    ...optionChanges(before, after, names),
    ...itemChanges(before, after, names),
  ].map(change => ({ ...change, summary: `each item ${change.summary}` }));
}

function unpromised(type: FieldType): Field {
  return { name: 'items', type, required: false, unique: false };
}
