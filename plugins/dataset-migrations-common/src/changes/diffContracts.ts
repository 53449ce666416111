import { objectMark } from '../contracts/objectMark';
import { fieldPrefix, hasSeveralObjects } from '../contracts/objects';
import { matchObjects } from '../contracts/pairObjects';
import { Stores } from '../contracts/otherStoresTypes';
import { ComparableContract, SchemaObject } from '../contracts/types';
import { changeBy, FieldNames } from './changeBy';
import { diffFields } from './diffFields';
import { keyChanges } from './families/keyChanges';
import { locationChanges } from './families/locationChanges';
import { withMoves } from './families/movedFields';
import { objectChanges } from './families/objectChanges';
import { qualityChanges } from './families/qualityChanges';
import { serviceLevelChanges } from './families/serviceLevelChanges';
import { matchFields } from './matchFields';
import { Change } from './types';

/**
 * Every difference between two versions of a contract, with its effect on a
 * reader of the old one.
 *
 * @param renames - old name to new name, where a migration document says so, as
 *   changes name fields; those with the same stable id are matched without it
 * @public
 */
export function diffContracts(
  from: ComparableContract,
  to: ComparableContract,
  renames: ReadonlyMap<string, string> = new Map(),
): Change[] {
  const { pairs, gone, added } = matchObjects(from, to);
  const several = hasSeveralObjects(from);
  const stores = storesOf(from, to);
  return [
    ...gone.map(object => ({
      ...objectMark(from, object),
      ...changeBy('object-removed', {
        summary: `\`${object.name}\` is gone`,
      }),
    })),
    ...pairs.flatMap(pair =>
      objectChanges(pair, several).map(change => ({
        ...objectMark(from, pair.from),
        ...change,
      })),
    ),
    ...added.map(object => ({
      ...objectMark(to, object),
      ...changeBy('object-added', { summary: `\`${object.name}\` is new` }),
    })),
    ...locationChanges(from.servers, to.servers),
    ...pairs.flatMap(pair => {
      const prefix = {
        from: fieldPrefix(from, pair.from),
        to: fieldPrefix(to, pair.to),
      };
      const own = renamesWithin(renames, prefix);
      return contentChanges(pair, own, prefix, stores).map(change => ({
        ...objectMark(from, pair.from),
        ...change,
      }));
    }),
    ...serviceLevelChanges(from.serviceLevels ?? [], to.serviceLevels ?? []),
    ...descriptionChanges(from, to),
  ];
}

/** What is in one object. */
function contentChanges(
  { from, to }: { from: SchemaObject; to: SchemaObject },
  renames: ReadonlyMap<string, string>,
  prefix: FieldNames,
  stores: Stores,
): Change[] {
  const { pairs } = matchFields(from.fields, to.fields, renames);
  const newNames = new Map(pairs.map(pair => [pair.from.name, pair.to.name]));
  return [
    ...withMoves(
      diffFields(from.fields, to.fields, renames, prefix, stores),
      from.fields,
      to.fields,
      prefix,
    ),
    ...keyChanges(from.fields, to.fields, newNames, prefix),
    ...qualityChanges(from, to, newNames, prefix),
  ];
}

/** What the servers of both versions are, as types are spelled in their words. */
function storesOf(...contracts: ComparableContract[]): Stores {
  return new Set(
    contracts.flatMap(({ servers }) =>
      servers.map(({ type }) => type.toLocaleLowerCase('en-US')),
    ),
  );
}

/** The renamed fields of one object, by their own names. */
function renamesWithin(
  renames: ReadonlyMap<string, string>,
  prefix: FieldNames,
): ReadonlyMap<string, string> {
  return new Map(
    [...renames].flatMap(([from, to]) =>
      from.startsWith(prefix.from) && to.startsWith(prefix.to)
        ? [[from.slice(prefix.from.length), to.slice(prefix.to.length)]]
        : [],
    ),
  );
}

function descriptionChanges(
  from: ComparableContract,
  to: ComparableContract,
): Change[] {
  return from.description === to.description
    ? []
    : [
        changeBy('description-changed', {
          summary: 'the dataset is described in other words',
        }),
      ];
}
