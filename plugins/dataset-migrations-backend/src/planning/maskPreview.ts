import {
  Contract,
  Field,
  Mapping,
  MappingSegment,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { exprFields } from '@skein/backstage-plugin-dataset-migrations-common/planning';

/** Shown in place of a value that nobody but its owner is to see (G11). */
export const MASK = '•••';

const masked: readonly string[] = ['restricted', 'confidential'];

/** Whether values of a field are hidden from everybody, permitted or not. */
export function isClassified(field: Pick<Field, 'classification'>): boolean {
  return masked.includes(field.classification?.toLowerCase() ?? '');
}

/**
 * The fields of source and target whose values must be masked: those that
 * either contract classifies, and every field that is made from one of them.
 */
export function maskedFields(
  mapping: Mapping,
  contracts: { from: Contract; to: Contract },
): { before: string[]; after: string[] } {
  const before = contracts.from.schema.fields
    .filter(isClassified)
    .map(field => field.name);
  const tainted = mapping.segments.reduce<ReadonlySet<string>>(
    taintedAfter,
    new Set(before),
  );
  const after = contracts.to.schema.fields
    .filter(field => isClassified(field) || tainted.has(field.name))
    .map(field => field.name);
  return { before, after };
}

function taintedAfter(
  tainted: ReadonlySet<string>,
  segment: MappingSegment,
): ReadonlySet<string> {
  if (segment.kind === 'agent') {
    // What an agent makes of a value, only the agent knows.
    return new Set(tainted.size ? segment.output.map(field => field.name) : []);
  }
  return new Set(
    segment.fields
      .filter(({ expression }) =>
        exprFields(expression).some(name => tainted.has(name)),
      )
      .map(({ field }) => field.name),
  );
}

/** Masks the columns of rows; NULL is masked too, as its place tells something. */
export function maskRows(
  rows: Array<Array<string | null>>,
  columns: string[],
  hidden: string[],
): Array<Array<string | null>> {
  const at = columns.map(column => hidden.includes(column));
  return rows.map(row => row.map((value, index) => (at[index] ? MASK : value)));
}
