import { Field } from '../contracts/types';

/** A field of the old version and what it is in the new one. */
export interface FieldPair {
  from: Field;
  to: Field;
}

/** Which fields of two versions are the same field. */
export interface FieldMatch {
  pairs: FieldPair[];
  gone: Field[];
  added: Field[];
}

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
  const newOf = new Map<Field, Field>();
  const taken = new Set<Field>();
  const match = (same: (a: Field, b: Field) => boolean) => {
    for (const a of from.filter(field => !newOf.has(field))) {
      const b = to.find(field => !taken.has(field) && same(a, field));
      if (b) {
        newOf.set(a, b);
        taken.add(b);
      }
    }
  };
  match((a, b) => renames.get(a.name) === b.name);
  match((a, b) => a.id !== undefined && a.id === b.id);
  match((a, b) => a.name === b.name);
  return {
    pairs: from
      .filter(field => newOf.has(field))
      .map(field => ({ from: field, to: newOf.get(field)! })),
    gone: from.filter(field => !newOf.has(field)),
    added: to.filter(field => !taken.has(field)),
  };
}
