import { ColumnChanges } from './ColumnChanges';

/**
 * What keeps a definition that is made again from meaning what it meant: a
 * column that it reads is gone, or of another type.
 *
 * @param subject - begins the sentences: `The view public.late`
 */
export function problemsOfReader(
  subject: string,
  reads: number[],
  change: ColumnChanges,
): string[] {
  return reads
    .filter(column => change.dropped(column) || change.retyped(column))
    .map(
      column =>
        `${subject} reads the column ${change.nameOf(column)}, which ${
          change.dropped(column) ? 'is dropped' : 'gets another type'
        }; drop it, migrate, and create it again over the new version.`,
    );
}

/** SQL of the columns of the table `$1` on which an object depends. */
export function columnsReadBy(catalog: string, object: string): string {
  return `ARRAY(SELECT DISTINCT d.refobjsubid FROM pg_depend d
    WHERE d.classid = '${catalog}'::regclass AND d.objid = ${object}
      AND d.refclassid = 'pg_class'::regclass AND d.refobjid = $1 AND d.refobjsubid > 0)`;
}

/** SQL that is true where an object depends on the table `$1`. */
export function dependsOnTable(catalog: string, object: string): string {
  return `EXISTS (SELECT FROM pg_depend d
    WHERE d.classid = '${catalog}'::regclass AND d.objid = ${object}
      AND d.refclassid = 'pg_class'::regclass AND d.refobjid = $1)`;
}
