/**
 * SQL that gives the ids of objects which depend on a relation or its columns, by
 * the index of what is referred to, so that no catalog is gone through.
 *
 * @param catalog - that lists the objects, such as `pg_constraint`
 * @param relation - SQL of the relation's id
 * @see https://www.postgresql.org/docs/current/catalog-pg-depend.html
 */
export function dependentsOn(catalog: string, relation: string): string {
  return `SELECT d.objid FROM pg_depend d WHERE d.classid = '${catalog}'::regclass
    AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ${relation}`;
}
