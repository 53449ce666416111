import { formatFieldType } from '../../contracts/formatFieldType';
import { fieldsInside } from '../../contracts/nestedFields';
import { Field } from '../../contracts/types';
import { changeBy, FieldNames } from '../changeBy';
import { groupBy } from '../groupBy';
import { Change } from '../types';

/** Where more new fields are alike, none is the one that moved. */
const MAX_ALIKE = 100;

/** A field and the path by which changes call it. */
interface Placed {
  path: string;
  field: Field;
}

/** The places of new fields, by what a field that is gone may be known by. */
interface Places {
  byId: Map<string, Placed[]>;
  /** By name and type. */
  alike: Map<string, Placed[]>;
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
  const places = placesOf(newPlaces(changes, to, prefix.to));
  const told = new Set<string>();
  const moved = changes.map(change => {
    const field =
      change.rule === 'field-removed' && removed.get(change.from ?? '');
    const place = field && placeOf(field, change.from!, places, told);
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
  const roots = new Set(
    changes
      .filter(({ rule }) => rule === 'field-added')
      .map(change => change.to ?? ''),
  );
  const within = (fields: Field[], path: string, isNew: boolean): Placed[] =>
    fields.flatMap(field => {
      const place = `${path}${field.name}`;
      const isOne = isNew || roots.has(place);
      return [
        ...(isOne ? [{ path: place, field }] : []),
        ...within(fieldsInside(field), `${place}.`, isOne),
      ];
    });
  return roots.size === 0 ? [] : within(to, prefix, false);
}

function placed(fields: Field[], prefix: string): Placed[] {
  return fields.flatMap(field => {
    const path = `${prefix}${field.name}`;
    return [{ path, field }, ...placed(fieldsInside(field), `${path}.`)];
  });
}

function placesOf(arrived: Placed[]): Places {
  return {
    byId: groupBy(arrived, ({ field }) => field.id),
    alike: groupBy(arrived, ({ field }) => likeness(field)),
  };
}

function likeness({ name, type }: Field): string {
  return JSON.stringify([name, formatFieldType(type)]);
}

function placeOf(
  field: Field,
  path: string,
  { byId, alike }: Places,
  told: ReadonlySet<string>,
): Placed | undefined {
  const isFree = (place: Placed) => !told.has(place.path);
  const own =
    field.id === undefined ? undefined : byId.get(field.id)?.find(isFree);
  if (own) {
    return own;
  }
  const candidates = alike.get(likeness(field)) ?? [];
  if (candidates.length > MAX_ALIKE) {
    return undefined;
  }
  const elsewhere = candidates.filter(
    place =>
      isFree(place) &&
      parentOf(place.path) !== parentOf(path) &&
      (place.field.id === undefined || field.id === undefined),
  );
  return elsewhere.length === 1 ? elsewhere[0] : undefined;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.') + 1);
}
