import { LoggerService, UrlReaderService } from '@backstage/backend-plugin-api';
import { assertError } from '@backstage/errors';
import { createHash } from 'node:crypto';
import { DatasetStore } from '../../datasets/DatasetStore';
import { DatasetDirectory, DatasetRecord } from '../../datasets/types';
import { withoutSecrets } from '../../pipeline/failures';
import { datasetTables } from '../datasetTables';
import { SqlParser } from '../sql/SqlParser';
import { DatasetTable } from '../sql/types';
import { FieldUseStore, ParsedUse, SourceReader } from '../store/FieldUseStore';
import { StoredUse } from '../store/fieldUseOf';
import { DbtProject } from './DbtProject';
import { dialectsOf } from './dialects';
import { FileFieldUse, readFiles } from './readFiles';
import { readSource, SourceTree } from './readSource';

/** Changes when the same files would give another result. */
const VERSION = 1;

/** Places that are kept of each field: enough to show, and to begin to change. */
const MAX_PLACES = 5;
const MAX_UNREAD = 50;

/** What has to be read once, for one dataset and all who read it alike. */
interface Task {
  readers: SourceReader[];
  tables: DatasetTable[];
  dialects: string[];
  /** Of everything but the source that the result hangs on. */
  hash: string;
}

/**
 * Reads the sources of consumers and keeps which fields their SQL reads. Each source
 * is read once for all consumers that have it, and not again while neither it nor a
 * contract changes.
 */
export class SourceScan {
  constructor(
    private readonly options: {
      reader: UrlReaderService;
      store: FieldUseStore;
      datasets: DatasetStore;
      logger: LoggerService;
      directory: Pick<DatasetDirectory, 'fieldUseChanged'>;
    },
  ) {}

  /** A source that cannot be read keeps no other from being read. */
  async run(signal?: AbortSignal): Promise<void> {
    const { store, logger } = this.options;
    const parser = new SqlParser();
    try {
      await store.removeOthers();
      for (const group of bySource(await store.sourceReaders())) {
        signal?.throwIfAborted();
        try {
          await this.read(group, parser, signal);
        } catch (error) {
          signal?.throwIfAborted();
          assertError(error);
          logger.warn(
            `The source ${group[0].sourceUrl} of ${group[0].consumerRef} was not read: ${error.message}`,
          );
          await store.saveProblem(
            group,
            `its source ${
              group[0].sourceUrl
            } could not be read: ${withoutSecrets(error.message).slice(
              0,
              300,
            )}`,
          );
        }
      }
    } finally {
      await parser.close();
    }
  }

  private async read(
    readers: SourceReader[],
    parser: SqlParser,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { datasets, store, directory } = this.options;
    const refs = [...new Set(readers.map(reader => reader.datasetRef))];
    const found = await datasets.findAll(refs);
    const tasks = tasksOf(readers, found);
    if (tasks.length === 0) {
      return;
    }
    const tree = await this.readTree(readers[0].sourceUrl, {
      etag: commonEtag(tasks),
      signal,
    });
    if (!tree) {
      return;
    }
    const projects = await DbtProject.find(tree.files);
    const results: ParsedUse[] = [];
    for (const task of tasks) {
      const { uses, unread } = await readFiles(tree.files, {
        ...task,
        projects,
        parser,
        signal,
      });
      const result = {
        etag: tree.etag,
        inputHash: task.hash,
        uses: placesOf(uses),
        unread: [...tree.unread, ...unread].slice(0, MAX_UNREAD),
      };
      results.push(...task.readers.map(reader => ({ ...reader, ...result })));
    }
    await directory.fieldUseChanged(await store.saveParsed(results));
  }

  /** Undefined when it is as it was. */
  private async readTree(
    url: string,
    options: { etag?: string; signal?: AbortSignal },
  ): Promise<SourceTree | undefined> {
    try {
      return await readSource(this.options.reader, url, options);
    } catch (error) {
      assertError(error);
      if (error.name === 'NotModifiedError') {
        return undefined;
      }
      throw error;
    }
  }
}

function bySource(readers: readonly SourceReader[]): SourceReader[][] {
  const groups = new Map<string, SourceReader[]>();
  for (const reader of readers) {
    const group = groups.get(reader.sourceUrl);
    if (group) {
      group.push(reader);
    } else {
      groups.set(reader.sourceUrl, [reader]);
    }
  }
  return [...groups.values()];
}

function tasksOf(
  readers: readonly SourceReader[],
  datasets: readonly DatasetRecord[],
): Task[] {
  const tasks = new Map<string, Task>();
  for (const reader of readers) {
    const dataset = datasets.find(one => one.entityRef === reader.datasetRef);
    if (dataset) {
      const tables = datasetTables(dataset);
      const dialects = dialectsOf(reader.sqlDialect, dataset.engine);
      const input = tables.map(table => ({
        ...table,
        fields: [...table.fields],
      }));
      const hash = createHash('sha256')
        .update(JSON.stringify([VERSION, input, dialects]))
        .digest('hex');
      const key = `${reader.datasetRef} ${dialects}`;
      const task = tasks.get(key) ?? { readers: [], tables, dialects, hash };
      task.readers.push(reader);
      tasks.set(key, task);
    }
  }
  return [...tasks.values()];
}

/** Of the last time, where everything else is as it was then. */
function commonEtag(tasks: readonly Task[]): string | undefined {
  const etags = new Set(
    tasks.flatMap(({ readers, hash }) =>
      readers.map(({ etag, inputHash }) =>
        inputHash === hash ? etag : undefined,
      ),
    ),
  );
  return etags.size === 1 ? [...etags][0] : undefined;
}

/** Some places of each field, in the order of the files. */
function placesOf(uses: readonly FileFieldUse[]): StoredUse[] {
  const sorted = [...uses].sort(
    (a, b) => a.file.localeCompare(b.file, 'en') || a.line - b.line,
  );
  const places = new Map<string, StoredUse[]>();
  for (const { field, file, line, star } of sorted) {
    const known = places.get(field) ?? [];
    places.set(field, known);
    if (known.length < MAX_PLACES) {
      known.push({ field, file, line, ...(star && { star }) });
    }
  }
  return [...places.values()].flat();
}
