import { Field, FieldType } from '../contracts/types';
import { FieldNames } from './changeBy';
import { enumChanges } from './families/enumChanges';
import { itemChanges } from './families/itemChanges';
import { meaningChanges } from './families/meaningChanges';
import { nameChanges } from './families/nameChanges';
import { optionChanges } from './families/optionChanges';
import {
  fieldsAdded,
  fieldsRemoved,
  orderChange,
} from './families/presenceChanges';
import { promiseChanges } from './families/promiseChanges';
import { typeChanges } from './families/typeChanges';
import { FieldPair, matchFields } from './matchFields';
import { Change } from './types';

/**
 * The differences between the fields of two versions, nested fields included.
 *
 * @param prefix - path of the object that holds them, with its final dot
 */
export function diffFields(
  from: Field[],
  to: Field[],
  renames?: ReadonlyMap<string, string>,
  prefix: FieldNames = { from: '', to: '' },
): Change[] {
  const { pairs, gone, added } = matchFields(from, to, renames);
  return [
    ...fieldsRemoved(gone, prefix),
    ...pairs.flatMap(pair => diffPair(pair, prefix)),
    ...fieldsAdded(added, prefix),
    ...orderChange(pairs, to, prefix),
  ];
}

function diffPair({ from, to }: FieldPair, prefix: FieldNames): Change[] {
  const names = {
    from: `${prefix.from}${from.name}`,
    to: `${prefix.to}${to.name}`,
  };
  return [
    ...nameChanges(from, to, names),
    ...insideChanges(from.type, to.type, names, () =>
      typeChanges(from, to, names),
    ),
    ...(from.properties && to.properties
      ? diffInside(from.properties, to.properties, names)
      : []),
    ...promiseChanges(from, to, names),
    ...enumChanges(from, to, names),
    ...optionChanges(from, to, names),
    ...itemChanges(from, to, names),
    ...meaningChanges(from, to, names),
  ];
}

/**
 * Objects, and lists of objects, are compared field by field.
 *
 * @param otherwise - the changes of all other types
 */
function insideChanges(
  from: FieldType,
  to: FieldType,
  names: FieldNames,
  otherwise: () => Change[],
): Change[] {
  if (from.kind === 'array' && to.kind === 'array') {
    return insideChanges(from.items, to.items, names, otherwise);
  }
  return from.kind === 'object' && to.kind === 'object'
    ? diffInside(from.fields, to.fields, names)
    : otherwise();
}

function diffInside(from: Field[], to: Field[], names: FieldNames): Change[] {
  return diffFields(from, to, undefined, {
    from: `${names.from}.`,
    to: `${names.to}.`,
  });
}
