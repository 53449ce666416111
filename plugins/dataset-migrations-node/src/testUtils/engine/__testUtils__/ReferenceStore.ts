import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { RunPhase } from '../../../engine/types';
import { ConformanceRow } from '../types';

/** Rows under a name, with a count of the writes that applications made. */
export interface StoredTable {
  fields: Field[];
  rows: ConformanceRow[];
  writes: number;
}

/** What a run keeps beside the data. */
export interface StoredRun {
  phase: RunPhase;
  policy: 'switch' | 'coexist';
  fromVersion: string;
  toVersion: string;
  shadow: StoredTable;
  /** Rows that the mapping sets aside; undefined where none may be. */
  aside?: ConformanceRow[];
  rowsDone: number;
  chunksDone: number;
  /** Writes to the source when the run was prepared. */
  sourceWrites: number;
  /** The old version, kept after a switch. */
  kept?: StoredTable;
  recordedBefore?: string;
}

/** One dataset with everything beside it. */
export interface StoredDataset {
  live: StoredTable;
  fence: number;
  recorded?: string;
  /** The migration whose version is in force. */
  inForce?: string;
  runs: Map<string, StoredRun>;
}

/** What a transaction that fails goes back to: no rows, which none changes. */
export function snapshotOf(dataset: StoredDataset): StoredDataset {
  return {
    ...dataset,
    runs: new Map([...dataset.runs].map(([id, run]) => [id, { ...run }])),
  };
}

/**
 * A store in memory, shared by all workers of a harness. A write happens whole
 * or not at all, when its turn comes.
 */
export class ReferenceStore {
  readonly datasets = new Map<string, StoredDataset>();

  dataset(name: string): StoredDataset {
    const found = this.datasets.get(name);
    if (!found) {
      throw new Error(`The store has no dataset ${name}`);
    }
    return found;
  }
}

/** Lets everybody else have a turn. */
export function turn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve);
  });
}
