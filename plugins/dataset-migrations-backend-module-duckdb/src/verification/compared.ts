import {
  columnName,
  Field,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Format } from '../formats/Format';
import { ProjectedValue } from '../relations/projectFields';
import { Relation } from '../relations/Relation';
import { ident } from '../sql/quote';
import { Scope } from '../sql/Scope';

/** One column on both sides of a comparison, as SQL of the same type. */
export interface ComparedColumn {
  field: Field;
  source: string;
  target: string;
}

/**
 * Pairs each column of the source, pushed through the mapping, with the one
 * that was written. Untouched columns are compared as the file has them, others
 * in the type of the target. A value of the target that cannot even be read
 * counts as NULL here; the check of its type finds it.
 */
export function comparedColumns(
  format: Format,
  values: ProjectedValue[],
  target: Relation,
): ComparedColumn[] {
  return values.map(({ field, sql, untouched }) => {
    const written = target.fields.get(field.name)!;
    const raw = ident(columnName(field));
    if (untouched) {
      return { field, source: sql, target: raw };
    }
    const read = written.read(new Scope());
    return {
      field,
      source: sql,
      target: format.typed ? read : `TRY(${read})`,
    };
  });
}
