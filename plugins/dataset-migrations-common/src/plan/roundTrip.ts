import { InputError } from '@backstage/errors';
import {
  evaluateMapping,
  Row,
  sameValue,
} from '../expressions/evaluate/evaluateExpression';
import { exprFields } from '../expressions/inspectExpression';
import { Mapping, MappingSegment, ProjectedField } from '../mapping/types';

/**
 * The fields of the target that come back with the inverse of a mapping: those
 * that it reads, and those that alone have the value of a field of the source
 * which it computes. Not among them are fields that the migration added, and
 * what was computed of fields that it dropped.
 *
 * @returns none where the mapping has no inverse
 * @public
 */
export function fieldsBroughtBack({
  inverse,
  segments,
  target,
}: Mapping): string[] {
  const back = (inverse?.segments ?? []).flatMap(projected).map(readBy);
  const forth = segments.flatMap(projected).map(readBy);
  const read = new Set(back.flatMap(({ fields }) => fields));
  const computed = back
    .filter(({ fields }) => fields.length > 0)
    .map(({ name }) => name);
  const isSole = ({ name, fields: [source, ...more] }: Reading) =>
    more.length === 0 &&
    computed.includes(source) &&
    forth.every(one => one.name === name || !one.fields.includes(source));
  const sole = new Set(forth.filter(isSole).map(({ name }) => name));
  return target
    .map(({ name }) => name)
    .filter(name => read.has(name) || sole.has(name));
}

/** A field, and those that it is computed of. */
interface Reading {
  name: string;
  fields: string[];
}

function readBy({ field, expression }: ProjectedField): Reading {
  return { name: field.name, fields: [...new Set(exprFields(expression))] };
}

/**
 * Maps a row of the target back and forth again, without any engine, and
 * compares; see {@link Mapping.inverse} for what must come out.
 *
 * @param row - values of the fields that {@link fieldsBroughtBack} names
 * @returns names of those fields that are not what they were; none where the
 *   row cannot be brought back, which an inverse may say of a row
 * @public
 */
export function checkRoundTrip(mapping: Mapping, row: Row): string[] {
  const { inverse, segments, target } = mapping;
  const old = inverse && unlessRefused(() => evaluateMapping(inverse, row));
  if (!old) {
    return [];
  }
  const brought = fieldsBroughtBack(mapping);
  const forth = segments
    .flatMap(projected)
    .filter(({ field }) => brought.includes(field.name));
  return forth
    .filter(one => {
      // One by one, as others may be computed of what only the old row had.
      const again = unlessRefused(() =>
        evaluateMapping(
          {
            source: mapping.source,
            target,
            segments: [{ kind: 'projection', fields: [one] }],
          },
          old,
        ),
      );
      const { name, type } = one.field;
      return !again || !sameValue(again[name], row[name], type);
    })
    .map(({ field }) => field.name);
}

/** Mappings with an inverse have one segment, which is a projection. */
function projected(segment: MappingSegment): ProjectedField[] {
  return segment.kind === 'projection' ? segment.fields : [];
}

function unlessRefused(compute: () => Row): Row | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof InputError) {
      return undefined;
    }
    throw error;
  }
}
