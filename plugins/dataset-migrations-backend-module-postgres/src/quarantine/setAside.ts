import { Mapping } from '@skein/backstage-plugin-dataset-migrations-common';
import { literal } from '../connection/sql';
import { emitExpression } from '../emit/emitExpression';
import { sourceColumns } from '../table/layout';

/** The rows that a mapping sets aside, in SQL. */
export interface AsideSql {
  /** Boolean, never NULL. */
  isAside: string;
  /** `text[]`: the fields that a row fails for, each once; empty for a mapped one. */
  fields: string;
}

type Columns = ReadonlyArray<{ name: string; type: string }>;

/**
 * @param relation - alias of the source's table
 * @returns undefined where every row is mapped
 */
export function asideSql(
  mapping: Mapping,
  columns: Columns,
  relation: string = 'source',
): AsideSql | undefined {
  if (!mapping.setAside) {
    return undefined;
  }
  const scope = {
    relation,
    columns: sourceColumns(mapping.source, columns),
  };
  const reasons = mapping.setAside.map(({ field, condition }) => ({
    field,
    condition: emitExpression(condition, scope),
  }));
  const fields = new Set(reasons.map(({ field }) => field));
  const names = [...fields].map(name => {
    const failed = anyOf(reasons.filter(({ field }) => field === name));
    return `CASE WHEN ${failed} THEN ${literal(name).trim()}::text END`;
  });
  return {
    isAside: anyOf(reasons),
    fields: `array_remove(ARRAY[${names.join(', ')}], NULL)`,
  };
}

function anyOf(reasons: Array<{ condition: string }>): string {
  return `(${reasons.map(({ condition }) => condition).join(' OR ')})`;
}

/**
 * What follows FROM for those rows of the source, alias `source`, that the
 * mapping maps.
 *
 * @param from - the source's table, quoted, or a relation with its columns
 * @param clause - what follows its alias, which is `source` too
 */
export function mappedRows(
  from: string,
  mapping: Mapping,
  columns: Columns,
  clause: string = '',
): string {
  const aside = asideSql(mapping, columns);
  return aside
    ? `(SELECT source.* FROM ${from} AS source ${clause}) AS source WHERE NOT ${aside.isAside}`
    : `${from} AS source ${clause}`;
}

/** The other rows, see {@link mappedRows}. */
export function rowsAside(
  from: string,
  { isAside }: AsideSql,
  clause: string = '',
): string {
  return `(SELECT source.* FROM ${from} AS source ${clause}) AS source WHERE ${isAside}`;
}
