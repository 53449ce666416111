import { KeyColumn, logColumns, logNames } from '../control/changeLog';
import { RowSelection } from '../rows/RowSelection';
import { sameDirty } from './rowIdentity';

/**
 * SQL of a relation of keys, `k0`, `k1`, ..., from parameters: an array of texts
 * for each column.
 */
export function keysRelation(key: ReadonlyArray<KeyColumn>): string {
  const columns = logColumns(key);
  const typed = columns.map(
    (column, index) => `${column}::${key[index].type} AS ${column}`,
  );
  const arrays = columns.map((_, index) => `$${index + 1}::text[]`);
  return `(SELECT ${typed.join(', ')} FROM unnest(${arrays.join(
    ', ',
  )}) AS texts(${columns.join(', ')}))`;
}

/** SQL of the relation of the keys that wait in a log, each once. */
export function waitingKeys(
  flag: string,
  key: ReadonlyArray<KeyColumn>,
): string {
  const columns = logColumns(key).join(', ');
  return `(SELECT DISTINCT ${columns} FROM skein.${logNames(flag).table})`;
}

/** The rows of a table, alias `source`, that have one of the keys. */
export function rowsOfKeys(
  key: ReadonlyArray<KeyColumn>,
  keys: string[][],
): RowSelection {
  return {
    clause: `JOIN ${keysRelation(key)} AS dirty ON ${sameDirty('source', key)}`,
    values: keys,
    checkpoint: 'changes',
  };
}
