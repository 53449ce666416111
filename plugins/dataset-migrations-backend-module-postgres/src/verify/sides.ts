import { columnName } from '@skein/backstage-plugin-dataset-migrations-common';
import { namesOf, primaryKey } from '../table/keys';
import { TableDefinition } from '../table/TableDefinition';
import { Guarantees } from './contractChecks';
import { Rows } from '../sync/writtenRows';
import { ComparedColumn, Relation } from './relations';

/** What the two sides of a verification are. */
export interface Sides {
  source: Relation;
  target: Relation;
  columns: ComparedColumn[];
  /** Indexes of the columns that tell rows apart; empty when nothing does. */
  key: number[];
  /**
   * The rows of both sides that were written since they were copied, whose
   * writes have not been brought over yet.
   */
  waiting?: Rows;
  /** The others. */
  settled?: Rows;
  /** What the target's contract is held against. */
  checked: { relation: Relation; guarantees: Guarantees };
}

/** The key of the contract, or else the one of the table. */
export function keyOf(
  columns: ComparedColumn[],
  table: TableDefinition,
): number[] {
  const declared = primaryKey(columns.map(({ field }) => field)).map(field =>
    columnName(field),
  );
  const [primary] = table.indexes.filter(index => index.primary);
  const names =
    declared.length > 0 || !primary ? declared : namesOf(table, primary);
  return names.map(name => columns.findIndex(column => column.name === name));
}
