import { fold } from '../sql/ast';
import { fieldInside } from '../sql/relations';
import { isWritten } from '../sql/TableNames';
import { DatasetTable } from '../sql/types';
import { RunEvent } from './readRunEvent';

/** Sentences about what was not taken; the first ones tell what is wrong. */
export const MAX_IGNORED = 100;

/** What a run read of a dataset. */
export interface RunFieldUse {
  datasetRef: string;
  fields: string[];
}

/**
 * Finds the datasets that a run read among the tables of those that may be meant. What
 * may be one of several counts for all of them.
 *
 * @returns the fields of each, what the event names that is none of them, and the
 *   datasets of which it names columns that no contract knows, or no column at the end
 */
export function matchRun(
  event: RunEvent,
  tables: readonly DatasetTable[],
): { uses: RunFieldUse[]; ignored: string[]; unclear: string[] } {
  const unclear = new Set<string>();
  const told = new Set<DatasetTable>();
  const fields = new Map<string, Set<string>>();
  const ignored = new Set<string>();
  const ignore = (sentence: string) => {
    if (ignored.size < MAX_IGNORED) {
      ignored.add(sentence);
    }
  };
  const byName = tablesByName(tables);
  const tablesOf = (name: string) => {
    const known = byName(name);
    if (known.length === 0) {
      ignore(`${name} is none of the datasets that it is a consumer of`);
    }
    return known;
  };
  const fieldsOf = ({ datasetRef }: DatasetTable) => {
    const known = fields.get(datasetRef) ?? new Set<string>();
    fields.set(datasetRef, known);
    return known;
  };
  for (const { name } of event.inputs) {
    tablesOf(name).forEach(fieldsOf);
  }
  for (const { name, column } of event.columns) {
    for (const table of tablesOf(name)) {
      told.add(table);
      const found = fieldsBelow(table, column);
      if (found.length === 0) {
        ignore(`${name} has no field for the column ${column}`);
        unclear.add(table.datasetRef);
      } else {
        found.forEach(field => fieldsOf(table).add(field));
      }
    }
  }
  // A run that goes on may tell of the columns of its inputs yet.
  if (event.outcome !== undefined) {
    event.inputs
      .flatMap(({ name }) => byName(name))
      .filter(table => !told.has(table))
      .forEach(({ datasetRef }) => unclear.add(datasetRef));
  }
  return {
    uses: [...fields].map(([datasetRef, names]) => ({
      datasetRef,
      fields: [...names].sort(),
    })),
    ignored: [...ignored],
    unclear: [...unclear],
  };
}

/** The tables that a name of OpenLineage may mean; looked for once for each name. */
export function tablesByName(
  tables: readonly DatasetTable[],
): (name: string) => DatasetTable[] {
  const byName = new Map<string, DatasetTable[]>();
  return name => {
    const known =
      byName.get(name) ??
      tables.filter(table => isWritten(table, partsOf(name)));
    byName.set(name, known);
    return known;
  };
}

/** `delay`, or `address.city`, as far as a contract knows what is inside. */
export function fieldsBelow(table: DatasetTable, column: string): string[] {
  const whole = table.fields.get(fold(column));
  if (whole) {
    return [...whole];
  }
  const [top, ...path] = column.split('.');
  return (table.fields.get(fold(top)) ?? []).map(field =>
    fieldInside(table, field, path),
  );
}

/** Of `warehouse.public.flights`, or of the path of a folder or file. */
function partsOf(name: string): string[] {
  return name.includes('/')
    ? name
        .split('/')
        .filter(part => part !== '')
        .slice(-1)
    : name.replace(/["`]/g, '').split('.');
}
