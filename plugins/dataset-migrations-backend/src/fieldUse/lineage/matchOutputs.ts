import { InputError } from '@backstage/errors';
import { DatasetTable } from '../sql/types';
import { fieldsBelow, MAX_IGNORED, tablesByName } from './matchRun';
import { InputColumn, RunEvent } from './readRunEvent';

/** Pairs of fields of one event; tables of one name multiply them. */
const MAX_FLOWS = 100_000;

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
 * @throws InputError when there are too many pairs of fields
 */
export function matchOutputs(
  event: Pick<RunEvent, 'outputs'>,
  options: { written: readonly DatasetTable[]; read: readonly DatasetTable[] },
): { outputs: RunOutput[]; ignored: string[] } {
  const writtenAs = tablesByName(options.written);
  const readAs = tablesByName(options.read);
  const sources = (inputs: InputColumn[]) =>
    inputs.flatMap(({ name, column, computed }) =>
      readAs(name).flatMap(table =>
        fieldsBelow(table, column).map(field => ({
          from: { datasetRef: table.datasetRef, field },
          computed,
        })),
      ),
    );
  const found = new Map<string, Output>();
  const ignored = new Set<string>();
  let flows = 0;
  for (const { name, columns } of event.outputs) {
    const tables = writtenAs(name);
    const isUnknown = tables.length === 0 && options.written.length > 0;
    if (isUnknown && ignored.size < MAX_IGNORED) {
      ignored.add(
        `${name} is none of the datasets that depend on it, or on what it reads`,
      );
    }
    for (const table of tables) {
      const output = found.get(table.datasetRef) ?? new Output();
      found.set(table.datasetRef, output);
      for (const { column, inputs } of columns) {
        const told = fieldsBelow(table, column);
        told.forEach(to => output.told.add(to));
        for (const { from, computed } of told.length > 0
          ? sources(inputs)
          : []) {
          flows += told.length;
          if (flows > MAX_FLOWS) {
            throw new InputError(
              `The event names more than ${MAX_FLOWS} pairs of fields`,
            );
          }
          told.forEach(to => output.add({ from, to }, computed));
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
    ignored: [...ignored],
  };
}

/** The fields that a flow goes from and to. */
export function flowKey({ from, to }: FieldFlow): string {
  return JSON.stringify([from.datasetRef, from.field, to]);
}

export function sortedFlows(flows: FieldFlow[]): FieldFlow[] {
  return flows.sort((a, b) => (flowKey(a) < flowKey(b) ? -1 : 1));
}
