import { Field } from '../contracts/types';
import { byId, byName, Match, matchBy } from './matchBy';

/** Which fields of two versions are the same field. */
export type FieldMatch = Match<Field>;

/** A field of the old version and what it is in the new one. */
export type FieldPair = FieldMatch['pairs'][number];

/**
 * Matches the fields of two versions: by what a document says, then by stable
 * id, then by name.
 *
 * @param renames - old name to new name
 */
export function matchFields(
  from: Field[],
  to: Field[],
  renames: ReadonlyMap<string, string> = new Map(),
): FieldMatch {
  return matchBy(from, to, [
    { from: ({ name }) => renames.get(name), to: byName },
    byId,
    byName,
  ]);
}
