import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { ident } from '../sql/quote';

/** The fields of the primary key in its order; empty when there is none. */
export function primaryKey(fields: Field[]): Field[] {
  return fields
    .filter(({ primaryKeyPosition }) => primaryKeyPosition !== undefined)
    .sort((a, b) => a.primaryKeyPosition! - b.primaryKeyPosition!);
}

/** Sets of fields whose values must differ from row to row; the primary key first. */
export function uniqueKeys(fields: Field[]): Field[][] {
  const primary = primaryKey(fields);
  const single = fields
    .filter(
      field => field.unique && !(primary.length === 1 && primary[0] === field),
    )
    .map(field => [field]);
  return primary.length > 0 ? [primary, ...single] : single;
}

/**
 * A query for the values that occur more than once, each with the number of its
 * rows as `n`. NULL equals nothing, as in PostgreSQL's constraints.
 *
 * @param rows - what stands after FROM, with columns named as the fields
 */
export function duplicates(
  key: Array<Pick<Field, 'name'>>,
  rows: string,
): string {
  const names = key.map(({ name }) => ident(name));
  return `SELECT ${names.join(', ')}, count(*) AS n FROM ${rows} WHERE ${names
    .map(name => `${name} IS NOT NULL`)
    .join(' AND ')} GROUP BY ALL HAVING count(*) > 1`;
}
