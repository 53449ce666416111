import { parseStoreType, Stores } from '../contracts/otherStoresTypes';
import { Field } from '../contracts/types';
import { FieldNames } from './changeBy';
import { enumChanges } from './families/enumChanges';
import { itemChanges, itemOf } from './families/itemChanges';
import { isWholeKey } from './families/keyChanges';
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
 * @param stores - what the servers of the contracts are
 * @param isInside - whether they are inside another field
 */
export function diffFields(
  from: Field[],
  to: Field[],
  renames?: ReadonlyMap<string, string>,
  prefix: FieldNames = { from: '', to: '' },
  stores: Stores = new Set(),
  isInside = false,
): Change[] {
  const { pairs, gone, added } = matchFields(from, to, renames);
  return [
    ...fieldsRemoved(gone, prefix),
    ...pairs.flatMap(pair =>
      diffPair(pair, prefix, stores, {
        isInside,
        isKey: {
          from: isWholeKey(pair.from, from),
          to: isWholeKey(pair.to, to),
        },
      }),
    ),
    ...fieldsAdded(added, prefix),
    ...orderChange(pairs, to, prefix),
  ];
}

function diffPair(
  { from, to }: FieldPair,
  prefix: FieldNames,
  stores: Stores,
  {
    isInside,
    isKey,
  }: { isInside: boolean; isKey: { from: boolean; to: boolean } },
): Change[] {
  const names = {
    from: `${prefix.from}${from.name}`,
    to: `${prefix.to}${to.name}`,
  };
  return [
    ...nameChanges(from, to, names, isInside),
    ...kindChanges(from, to, names, stores),
    ...(from.properties && to.properties
      ? diffInside(from.properties, to.properties, names, stores)
      : []),
    ...promiseChanges(from, to, names, isKey),
    ...enumChanges(from, to, names),
    ...optionChanges(from, to, names),
    ...itemChanges(from, to, names),
    ...meaningChanges(from, to, names),
  ];
}

/** Objects, and lists of objects, are compared field by field. */
function kindChanges(
  from: Field,
  to: Field,
  names: FieldNames,
  stores: Stores,
): Change[] {
  const [before, after] = [from, to].map(itemOf);
  if (before && after && ![from, to].every(isSpelledAsList)) {
    return kindChanges(before, after, names, stores);
  }
  return from.type.kind === 'object' && to.type.kind === 'object'
    ? diffInside(from.type.fields, to.type.fields, names, stores)
    : typeChanges(from, to, names, stores);
}

/** Whether the physical type says what each item is. */
function isSpelledAsList({ physicalType }: Field): boolean {
  return (
    physicalType !== undefined && parseStoreType(physicalType)?.kind === 'array'
  );
}

function diffInside(
  from: Field[],
  to: Field[],
  names: FieldNames,
  stores: Stores,
): Change[] {
  return diffFields(
    from,
    to,
    undefined,
    { from: `${names.from}.`, to: `${names.to}.` },
    stores,
    true,
  );
}
