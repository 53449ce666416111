import { fold } from '../sql/ast';
import { DatasetTable } from '../sql/types';
import { RunEvent } from './readRunEvent';

/** What a run read of a dataset. */
export interface RunFieldUse {
  datasetRef: string;
  fields: string[];
}

/**
 * Finds the datasets that a run read among the tables of those that may be meant.
 *
 * @returns the fields of each, and what the event names that is none of them
 */
export function matchRun(
  event: RunEvent,
  tables: readonly DatasetTable[],
): { uses: RunFieldUse[]; ignored: string[] } {
  const fields = new Map<string, Set<string>>();
  const ignored = new Set<string>();
  for (const { name } of event.inputs) {
    const table = tables.find(one => isNamed(one, name));
    if (table) {
      fields.set(table.datasetRef, fields.get(table.datasetRef) ?? new Set());
    } else {
      ignored.add(`${name} is none of the datasets that it is a consumer of`);
    }
  }
  for (const { name, column } of event.columns) {
    const table = tables.find(one => isNamed(one, name));
    if (!table) {
      ignored.add(`${name} is none of the datasets that it is a consumer of`);
      continue;
    }
    const [top, ...path] = column.split('.');
    const field = table.fields.get(fold(column)) ?? table.fields.get(fold(top));
    if (field === undefined) {
      ignored.add(`${name} has no field for the column ${column}`);
      continue;
    }
    const known = fields.get(table.datasetRef) ?? new Set();
    fields.set(table.datasetRef, known);
    const isWhole = table.fields.has(fold(column));
    known.add(isWhole ? field : [field, ...path].join('.'));
  }
  return {
    uses: [...fields].map(([datasetRef, names]) => ({
      datasetRef,
      fields: [...names].sort(),
    })),
    ignored: [...ignored],
  };
}

/** `warehouse.public.flights`, or the path of a folder or file. */
function isNamed({ names }: DatasetTable, written: string): boolean {
  const parts = written.includes('/')
    ? written
        .split('/')
        .filter(part => part !== '')
        .slice(-1)
    : written.replace(/["`]/g, '').split('.');
  const [name, schema] = [...parts].reverse().map(fold);
  const [ownName, ownSchema] = [...names].reverse().map(fold);
  return (
    ownName === name &&
    (schema === undefined || ownSchema === undefined || ownSchema === schema)
  );
}
