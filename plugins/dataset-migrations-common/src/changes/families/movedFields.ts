import { sameType } from '../../contracts/formatFieldType';
import { fieldsInside } from '../../contracts/nestedFields';
import { Field } from '../../contracts/types';
import { changeBy, FieldNames } from '../changeBy';
import { Change } from '../types';

/** A field and the path by which changes call it. */
interface Placed {
  path: string;
  field: Field;
}

/**
 * Changes with fields that are gone in one place and new in another told as
 * moved. It is the same field by its stable id, else by its name and type where
 * only one is new that has them.
 *
 * @param from - the fields of the object in the old version
 * @param to - in the new one
 */
export function withMoves(
  changes: Change[],
  from: Field[],
  to: Field[],
  prefix: FieldNames,
): Change[] {
  const removed = new Map(
    placed(from, prefix.from).map(item => [item.path, item.field]),
  );
  const arrived = newPlaces(changes, to, prefix.to);
  const told = new Set<string>();
  const moved = changes.map(change => {
    const field =
      change.rule === 'field-removed' && removed.get(change.from ?? '');
    const place = field && placeOf(field, change.from!, arrived, told);
    if (!place) {
      return change;
    }
    told.add(place.path);
    return changeBy('field-moved', {
      from: change.from,
      to: place.path,
      summary: `moved to \`${place.path}\``,
    });
  });
  return moved.filter(
    change => change.rule !== 'field-added' || !told.has(change.to ?? ''),
  );
}

/** The fields that are new, and all that is inside of new ones. */
function newPlaces(changes: Change[], to: Field[], prefix: string): Placed[] {
  const roots = changes
    .filter(({ rule }) => rule === 'field-added')
    .map(change => change.to ?? '');
  return placed(to, prefix).filter(({ path }) =>
    roots.some(root => path === root || path.startsWith(`${root}.`)),
  );
}

function placed(fields: Field[], prefix: string): Placed[] {
  return fields.flatMap(field => {
    const path = `${prefix}${field.name}`;
    return [{ path, field }, ...placed(fieldsInside(field), `${path}.`)];
  });
}

function placeOf(
  field: Field,
  path: string,
  arrived: Placed[],
  told: ReadonlySet<string>,
): Placed | undefined {
  const free = arrived.filter(place => !told.has(place.path));
  const byId = free.find(
    place => field.id !== undefined && place.field.id === field.id,
  );
  const alike = free.filter(
    place =>
      place.field.name === field.name &&
      parentOf(place.path) !== parentOf(path) &&
      (place.field.id === undefined || field.id === undefined) &&
      sameType(place.field.type, field.type),
  );
  return byId ?? (alike.length === 1 ? alike[0] : undefined);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.') + 1);
}
