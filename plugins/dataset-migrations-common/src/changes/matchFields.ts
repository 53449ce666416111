import { columnName } from '../contracts/columnName';
import { Field } from '../contracts/types';
import { byId, byName, Match, matchBy } from './matchBy';

/** Which fields of two versions are the same field. */
export type FieldMatch = Match<Field>;

/** A field of the old version and what it is in the new one. */
export type FieldPair = FieldMatch['pairs'][number];

/**
 * Matches the fields of two versions: by what a document says, then by stable
 * id, then by name, then by the column that stays, unless their ids differ.
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
    { from: columnWithoutId, to: columnName },
    { from: columnName, to: columnWithoutId },
  ]);
}

/** A column says nothing where stable ids say that it is another field. */
function columnWithoutId(field: Field): string | undefined {
  return field.id === undefined ? columnName(field) : undefined;
}
