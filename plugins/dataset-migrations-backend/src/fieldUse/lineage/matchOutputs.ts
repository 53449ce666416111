import { DatasetTable } from '../sql/types';
import { fieldsBelow, tablesByName } from './matchRun';
import { RunEvent } from './readRunEvent';

/** That a field of one dataset is made of a field of another. */
export interface FieldFlow {
  from: { datasetRef: string; field: string };
  /** A field of the dataset that is written. */
  to: string;
  /** True where it is computed, not taken over as it is. */
  computed?: true;
}

/** What a run wrote into a dataset. */
export interface RunOutput {
  datasetRef: string;
  /** The fields that it told the origin of. */
  told: string[];
  flows: FieldFlow[];
}

class Output {
  readonly told = new Set<string>();
  private readonly found = new Map<string, FieldFlow>();

  /** What is taken over as it is anywhere is so. */
  add(flow: FieldFlow, computed: boolean): void {
    const key = flowKey(flow);
    const known = this.found.get(key);
    if (!known || (known.computed && !computed)) {
      this.found.set(key, computed ? { ...flow, computed } : flow);
    }
  }

  flows(): FieldFlow[] {
    return sortedFlows([...this.found.values()]);
  }
}

/**
 * Finds the datasets that a run wrote among those that may be meant, and the fields that
 * they are made of among those that it may read. What may be one of several counts for
 * all of them.
 *
 * @param options.written - tables of datasets that say they are made from the consumer,
 *   or from what it reads
 * @param options.read - tables of datasets that it reads
 * @returns each dataset, and what is none of them while there are some
 */
export function matchOutputs(
  event: Pick<RunEvent, 'outputs'>,
  options: { written: readonly DatasetTable[]; read: readonly DatasetTable[] },
): { outputs: RunOutput[]; ignored: string[] } {
  const writtenAs = tablesByName(options.written);
  const readAs = tablesByName(options.read);
  const found = new Map<string, Output>();
  const ignored: string[] = [];
  for (const { name, columns } of event.outputs) {
    const tables = writtenAs(name);
    if (tables.length === 0 && options.written.length > 0) {
      ignored.push(
        `${name} is none of the datasets that depend on it, or on what it reads`,
      );
    }
    for (const table of tables) {
      const output = found.get(table.datasetRef) ?? new Output();
      found.set(table.datasetRef, output);
      for (const { column, inputs } of columns) {
        const told = fieldsBelow(table, column);
        told.forEach(to => output.told.add(to));
        for (const input of inputs) {
          for (const source of readAs(input.name)) {
            for (const field of fieldsBelow(source, input.column)) {
              const from = { datasetRef: source.datasetRef, field };
              told.forEach(to => output.add({ from, to }, input.computed));
            }
          }
        }
      }
    }
  }
  return {
    outputs: [...found].map(([datasetRef, output]) => ({
      datasetRef,
      told: [...output.told].sort(),
      flows: output.flows(),
    })),
    ignored,
  };
}

/** The fields that a flow goes from and to. */
export function flowKey({ from, to }: FieldFlow): string {
  return JSON.stringify([from.datasetRef, from.field, to]);
}

export function sortedFlows(flows: FieldFlow[]): FieldFlow[] {
  return flows.sort((a, b) => (flowKey(a) < flowKey(b) ? -1 : 1));
}
