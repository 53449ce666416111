import {
  Mapping,
  ProjectedField,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { emitColumn, emitExpression, EmitScope } from './emitExpression';

/** One field of a projection with the SQL of its value. */
export interface EmittedField {
  projected: ProjectedField;
  value: string;
}

/**
 * The fields of a projection as SQL over the relation of the scope. A field
 * that is taken as it is keeps the type of its column, whatever the contract
 * can say of it: an enum stays an enum.
 */
export function emitProjection(
  fields: ProjectedField[],
  scope: EmitScope,
): EmittedField[] {
  return fields.map(projected => ({
    projected,
    value:
      projected.expression.op === 'field'
        ? emitColumn(projected.expression.name, scope)
        : emitExpression(projected.expression, scope),
  }));
}

/**
 * The one projection of a mapping without imperative agents; undefined for any
 * other mapping.
 */
export function soleProjection(mapping: Mapping): ProjectedField[] | undefined {
  const [first] = mapping.segments;
  return mapping.segments.length === 1 && first.kind === 'projection'
    ? first.fields
    : undefined;
}
