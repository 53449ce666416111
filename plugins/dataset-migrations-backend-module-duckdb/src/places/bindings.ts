import { NotAllowedError } from '@backstage/errors';
import { Binding, Root } from '../config/readSettings';

/** Who wants to use a place. */
export interface Asking {
  entityRef: string;
  /** Entity ref of the dataset's owner. */
  owner?: string;
}

/**
 * Whether the operator gave a place to the dataset or to its owner (G11). The
 * longest prefix that holds the path decides alone, so that a team's folder is
 * closed to whoever has the folder around it.
 *
 * @param segments - the real path below the root's real path
 * @param reach - `'one'` for a file, `'all'` for a folder or a pattern, which
 *   must not hold parts that are given to others
 * @throws NotAllowedError naming dataset and path
 */
export function assertBound(
  root: Root,
  segments: string[],
  reach: 'one' | 'all',
  asking: Asking,
): void {
  const holding = root.bindings.filter(({ prefix }) =>
    isPrefix(prefix, segments),
  );
  const longest = Math.max(...holding.map(({ prefix }) => prefix.length));
  const deciding = holding.filter(({ prefix }) => prefix.length === longest);
  if (!deciding.some(binding => allows(binding, asking))) {
    throw refusal(root, segments, asking);
  }
  if (reach === 'one') {
    return;
  }
  const below = root.bindings.filter(
    ({ prefix }) =>
      prefix.length > segments.length && isPrefix(segments, prefix),
  );
  for (const { prefix } of below) {
    const same = below.filter(other => isPrefix(other.prefix, prefix));
    const deepest = Math.max(...same.map(other => other.prefix.length));
    const allowed = same.some(
      other => other.prefix.length === deepest && allows(other, asking),
    );
    if (!allowed) {
      throw refusal(root, prefix, asking);
    }
  }
}

function isPrefix(prefix: string[], segments: string[]): boolean {
  return prefix.every((segment, index) => segments[index] === segment);
}

function allows(binding: Binding, { entityRef, owner }: Asking): boolean {
  return (
    binding.entities.includes(entityRef.toLocaleLowerCase('en-US')) ||
    (owner !== undefined &&
      binding.owners.includes(owner.toLocaleLowerCase('en-US')))
  );
}

function refusal(root: Root, segments: string[], asking: Asking): Error {
  const who = asking.owner
    ? `${asking.entityRef} or its owner ${asking.owner}`
    : asking.entityRef;
  return new NotAllowedError(
    `The bindings of '${root.name}' do not give '${segments.join(
      '/',
    )}' to ${who}`,
  );
}
