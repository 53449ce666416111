import { Mapping } from '@skein/backstage-plugin-dataset-migrations-common';
import { soleProjection } from '../emit/projection';
import { obsoleteIndexes } from '../table/keys';
import { Layout } from '../table/layout';
import { isWidening } from '../table/strategy';
import { TableDefinition } from '../table/TableDefinition';

/** What becomes of a table's columns, for those who refer to them. */
export interface ColumnChanges {
  dropped(column: number): boolean;
  renamed(column: number): boolean;
  retyped(column: number): boolean;
  /** Whether a value of it may not be the same afterwards. */
  altered(column: number): boolean;
  /** Old names of columns that are renamed or dropped. */
  vanishing: string[];
  /** Whether rows of the old version are missing in the new one. */
  missesRows: boolean;
  /** Whether any column gets another type. */
  retypesAny: boolean;
  /** Whether the new version still has an index of that name. */
  keepsIndex(name: string): boolean;
  nameOf(column: number): string;
}

export function columnChanges(
  mapping: Mapping,
  table: TableDefinition,
  layout: Layout,
): ColumnChanges {
  const dropped = new Set(layout.dropped.map(({ number }) => number));
  const retyped = new Map(
    layout.columns.flatMap(({ from, newType }) =>
      from && newType && newType !== from.type
        ? [[from.number, isLossless(from.type, newType)] as const]
        : [],
    ),
  );
  const renamed = new Map(
    layout.columns.flatMap(({ from, name }) =>
      from && from.name !== name ? [[from.number, from.name] as const] : [],
    ),
  );
  const byAgents = soleProjection(mapping) === undefined;
  const obsolete = new Set(
    obsoleteIndexes(mapping, table).map(({ name }) => name),
  );
  return {
    dropped: column => dropped.has(column),
    renamed: column => renamed.has(column),
    retyped: column => retyped.has(column),
    altered: column => byAgents || retyped.get(column) === false,
    vanishing: [...layout.dropped.map(({ name }) => name), ...renamed.values()],
    missesRows: mapping.setAside !== undefined,
    retypesAny: retyped.size > 0,
    keepsIndex: name => !obsolete.has(name),
    nameOf: column =>
      table.columns.find(({ number }) => number === column)?.name ??
      String(column),
  };
}

/** Whether equal values stay equal, and others do not become so. */
function isLossless(from: string, to: string): boolean {
  const integers = ['smallint', 'integer', 'bigint'];
  return (
    isWidening(from, to) ||
    (integers.includes(from) && integers.indexOf(to) >= integers.indexOf(from))
  );
}
