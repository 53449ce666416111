import { createHash } from 'node:crypto';
import { DatasetRecord } from '../../datasets/types';
import { datasetTables } from '../datasetTables';
import { DatasetTable } from '../sql/types';
import { SourceReader } from '../store/FieldUseStore';
import { dialectsOf } from './dialects';

/**
 * Changes when the same files would give another result: with this reader, and with the
 * parser, whose version a test holds against package.json.
 */
export const READER_VERSION = '4, polyglot 0.12.1';

/** What has to be read once, for one dataset and all who read it alike. */
export interface ScanTask {
  readers: SourceReader[];
  tables: DatasetTable[];
  dialects: string[];
  /** Whether several consumers of the dataset have the source. */
  isShared: boolean;
  /** Of everything but the source that the result hangs on. */
  hash: string;
}

/** What has to be read of one source for its consumers. */
export function tasksOf(
  readers: readonly SourceReader[],
  datasets: readonly DatasetRecord[],
): ScanTask[] {
  const tasks = new Map<string, ScanTask>();
  for (const reader of readers) {
    const dataset = datasets.find(one => one.entityRef === reader.datasetRef);
    if (dataset) {
      const tables = datasetTables(dataset);
      const dialects = dialectsOf(reader.sqlDialect, dataset.engine);
      const key = `${reader.datasetRef} ${dialects}`;
      const { isShared } = reader;
      const task = tasks.get(key) ?? {
        readers: [],
        tables,
        dialects,
        isShared,
        hash: hashOf({ tables, dialects, isShared }),
      };
      task.readers.push(reader);
      tasks.set(key, task);
    }
  }
  return [...tasks.values()];
}

function hashOf({
  tables,
  dialects,
  isShared,
}: Pick<ScanTask, 'tables' | 'dialects' | 'isShared'>): string {
  const input = tables.map(table => ({
    ...table,
    fields: [...table.fields],
    nested: [...table.nested],
  }));
  return createHash('sha256')
    .update(JSON.stringify([READER_VERSION, input, dialects, isShared]))
    .digest('hex');
}

/** Of the last time, where everything else is as it was then. */
export function commonEtag(tasks: readonly ScanTask[]): string | undefined {
  const etags = new Set(
    tasks.flatMap(({ readers, hash }) =>
      readers.map(({ etag, inputHash }) =>
        inputHash === hash ? etag : undefined,
      ),
    ),
  );
  return etags.size === 1 ? [...etags][0] : undefined;
}
