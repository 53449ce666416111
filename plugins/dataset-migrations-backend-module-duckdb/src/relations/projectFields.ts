import {
  Field,
  ProjectedField,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { sameType } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { emitCast } from '../sql/emitCast';
import { emitExpression } from '../sql/emitExpression';
import { Scope } from '../sql/Scope';
import { UnsupportedError } from '../sql/UnsupportedError';
import { Relation } from './Relation';

/** A field of the target with the SQL that yields it. */
export interface ProjectedValue {
  field: Field;
  /** True when the value goes over as the file has it, untouched and unread. */
  untouched: boolean;
  sql: string;
}

/**
 * A projection over a relation. A field that the plan neither computes nor
 * casts keeps its very bytes: its width, its spelling, its digits.
 *
 * @throws UnsupportedError naming the field
 */
export function projectFields(
  relation: Relation,
  projected: ProjectedField[],
): ProjectedValue[] {
  return projected.map(({ field, expression }) => {
    const scope = new Scope();
    const source =
      expression.op === 'field'
        ? relation.fields.get(expression.name)
        : undefined;
    if (source?.raw && sameType(source.field.type, field.type)) {
      return { field, untouched: true, sql: source.raw };
    }
    try {
      const value = emitExpression(scope, expression, name =>
        fieldOf(relation, name).read(scope),
      );
      const sql = sameType(expression.type, field.type)
        ? value
        : emitCast(scope, value, expression.type, field.type);
      return { field, untouched: false, sql };
    } catch (error) {
      if (error instanceof UnsupportedError) {
        throw new UnsupportedError(`'${field.name}': ${error.message}`);
      }
      throw error;
    }
  });
}

function fieldOf(relation: Relation, name: string) {
  const found = relation.fields.get(name);
  if (!found) {
    throw new UnsupportedError(`The field '${name}' is not there`);
  }
  return found;
}
