import { InputError } from '@backstage/errors';
import { byId, byName, Match, matchBy } from '../changes/matchBy';
import { objectsOf, WithObjects } from './objects';
import { Contract, SchemaObject } from './types';

/**
 * Which objects of two versions of a contract are the same: by stable id, else
 * by name, unless their ids differ. Where both have one, it is the same.
 */
export function matchObjects(
  from: WithObjects,
  to: WithObjects,
): Match<SchemaObject> {
  const [before, after] = [objectsOf(from), objectsOf(to)];
  return matchBy(
    before,
    after,
    before.length === 1 && after.length === 1
      ? [() => 'the only one']
      : [
          byId,
          { from: nameWithoutId, to: byName },
          { from: byName, to: nameWithoutId },
        ],
  );
}

/** A name says nothing where stable ids say that it is another object. */
function nameWithoutId({ id, name }: SchemaObject): string | undefined {
  return id === undefined ? name : undefined;
}

/**
 * The objects of two versions, each with what it becomes, in the order of the
 * old version.
 *
 * @throws InputError naming objects that only one of the versions has
 * @public
 */
export function pairObjects(
  from: Contract,
  to: Contract,
): Array<{ from: SchemaObject; to: SchemaObject }> {
  const { pairs, gone, added } = matchObjects(from, to);
  const alone = [
    ...gone.map(
      ({ name }) => `the object \`${name}\` of ${from.version} is gone`,
    ),
    ...added.map(({ name }) => `the object \`${name}\` is new`),
  ];
  if (alone.length > 0) {
    throw new InputError(
      `Version ${to.version} does not have the same objects as ${
        from.version
      }: ${alone.join(
        '; ',
      )}. A migration changes the objects that are there; objects are the same by their id, else by their name`,
    );
  }
  return pairs;
}
