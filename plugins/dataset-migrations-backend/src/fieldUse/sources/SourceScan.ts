import { LoggerService, UrlReaderService } from '@backstage/backend-plugin-api';
import { assertError } from '@backstage/errors';
import pLimit from 'p-limit';
import { ConsumerKey } from '../../consumers/ConsumerStore';
import { DatasetStore } from '../../datasets/DatasetStore';
import { DatasetDirectory } from '../../datasets/types';
import { withoutSecrets } from '../../secrets/withoutSecrets';
import { SqlParser } from '../sql/SqlParser';
import { FieldUseStore, SourceReader } from '../store/FieldUseStore';
import { StoredUse } from '../store/fieldUseOf';
import { DbtProject } from './DbtProject';
import { FileFieldUse, readFiles } from './readFiles';
import { readSource, SourceTree } from './readSource';
import { commonEtag, ScanTask, tasksOf } from './scanTasks';

/** Places that are kept of each field: enough to show, and to begin to change. */
const MAX_PLACES = 5;
const MAX_UNREAD = 50;

/** One source must not keep the others waiting. */
const SOURCE_MS = 5 * 60_000;
/** How long those wait who are about to decide by what is known. */
const LOOK_MS = 60_000;
/** What was seen so recently need not be looked at once more. */
const FRESH_MS = 60_000;
const LOOKS_AT_A_TIME = 8;

interface ScanOptions {
  reader: UrlReaderService;
  store: FieldUseStore;
  datasets: DatasetStore;
  logger: LoggerService;
  directory: Pick<DatasetDirectory, 'fieldUseChanged'>;
  /** Whether the operator lets a source be read. */
  isAllowed(sourceUrl: string, owner: string | undefined): boolean;
  /** Milliseconds for one source. */
  sourceMs?: number;
}

/**
 * Reads the sources of consumers and keeps which fields their SQL reads. Each source
 * is read once for all consumers that have it, and not again while neither it nor a
 * contract changes.
 */
export class SourceScan {
  constructor(private readonly options: ScanOptions) {}

  /**
   * Reads all sources, those first that were not looked at for longest. One that
   * cannot be read keeps no other from being read.
   */
  async run(signal?: AbortSignal): Promise<void> {
    const { store } = this.options;
    await store.removeOthers();
    await this.readAll(await store.sourceReaders(), { signal, atATime: 1 });
  }

  /**
   * Looks whether the sources of a dataset's consumers are as they were read, and reads
   * those that are not: before something is decided by them. What cannot be looked at
   * in time stays as it is known, and how old that is with it.
   */
  async lookAt(datasetRef: string): Promise<void> {
    const readers = await this.options.store.sourceReaders(datasetRef);
    const now = Date.now();
    const signal = AbortSignal.timeout(LOOK_MS);
    try {
      await this.readAll(
        readers.filter(
          ({ checkedAt }) => !checkedAt || now - checkedAt.getTime() > FRESH_MS,
        ),
        { signal, atATime: LOOKS_AT_A_TIME },
      );
    } catch (error) {
      if (!signal.aborted) {
        throw error;
      }
      this.options.logger.warn(
        `Not all sources of consumers of ${datasetRef} could be looked at within ${LOOK_MS} ms`,
      );
    }
  }

  private async readAll(
    readers: readonly SourceReader[],
    options: { signal?: AbortSignal; atATime: number },
  ): Promise<void> {
    const { isAllowed } = this.options;
    const allowed = readers.filter(({ sourceUrl, owner }) =>
      isAllowed(sourceUrl, owner),
    );
    if (allowed.length === 0) {
      return;
    }
    const parser = new SqlParser();
    const limit = pLimit(options.atATime);
    // All come to their ends before the parser does.
    const ends = await Promise.allSettled(
      bySource(allowed).map(group =>
        limit(() => this.readSafely(group, parser, options.signal)),
      ),
    );
    await parser.close();
    const failed = ends.find(
      (end): end is PromiseRejectedResult => end.status === 'rejected',
    );
    if (failed) {
      throw failed.reason;
    }
  }

  private async readSafely(
    readers: SourceReader[],
    parser: SqlParser,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { store, logger } = this.options;
    const [{ sourceUrl, consumerRef }] = readers;
    signal?.throwIfAborted();
    try {
      await this.read(readers, parser, signal);
    } catch (error) {
      signal?.throwIfAborted();
      assertError(error);
      const message = withoutSecrets(error.message).slice(0, 300);
      logger.warn(
        `The source ${sourceUrl} of ${consumerRef} was not read: ${message}`,
      );
      await store.saveProblem(
        readers,
        `its source ${sourceUrl} could not be read: ${message}`,
      );
    }
  }

  private async read(
    readers: SourceReader[],
    parser: SqlParser,
    outer: AbortSignal | undefined,
  ): Promise<void> {
    const { datasets, store, directory, sourceMs = SOURCE_MS } = this.options;
    const refs = [...new Set(readers.map(reader => reader.datasetRef))];
    const tasks = tasksOf(readers, await datasets.findAll(refs));
    if (tasks.length === 0) {
      return;
    }
    const budget = AbortSignal.timeout(sourceMs);
    const signal = AbortSignal.any([budget, ...(outer ? [outer] : [])]);
    const tree = await this.readTree(readers[0].sourceUrl, {
      etag: commonEtag(tasks),
      signal,
    });
    if (!tree) {
      await directory.fieldUseChanged(await store.saveChecked(readers));
      return;
    }
    const projects = await DbtProject.find(tree.files);
    for (const task of tasks) {
      const found = await readFiles(tree.files, {
        ...task,
        projects,
        parser,
        signal: outer,
        isSpent: () => budget.aborted,
      });
      if (found.spent && task.readers.some(reader => reader.wasRead)) {
        // A part must not take the place of the whole.
        await store.saveProblem(
          task.readers,
          `its source ${readers[0].sourceUrl} takes more than ${sourceMs} ms to read`,
        );
      } else {
        // What is known of one dataset is kept, whatever becomes of the next.
        await directory.fieldUseChanged(
          await this.save(task, { tree, projects, ...found }),
        );
      }
    }
  }

  private save(
    { readers, hash, isShared }: ScanTask,
    found: {
      tree: SourceTree;
      projects: DbtProject[];
      uses: FileFieldUse[];
      unread: SourceTree['unread'];
      spent: boolean;
    },
  ): Promise<ConsumerKey[]> {
    const { tree, projects, spent } = found;
    const unread = [...tree.unread, ...found.unread];
    return this.options.store.saveParsed(
      readers.map(reader => ({
        ...reader,
        etag: tree.etag,
        // What was not read to its end is read again though nothing changed.
        inputHash: spent ? '' : hash,
        uses: placesOf(found.uses, isShared),
        unread: unread.slice(0, MAX_UNREAD),
        complete:
          unread.length === 0 &&
          projects.length > 0 &&
          projects.every(project => !project.installsPackages),
      })),
    );
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

/** In the order of the readers. */
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

/** Some places of each field, in the order of the files. */
function placesOf(
  uses: readonly FileFieldUse[],
  isShared: boolean,
): StoredUse[] {
  const sorted = [...uses].sort(
    (a, b) => a.file.localeCompare(b.file, 'en') || a.line - b.line,
  );
  const places = new Map<string, StoredUse[]>();
  for (const { field, file, line, star } of sorted) {
    const known = places.get(field) ?? [];
    places.set(field, known);
    if (known.length < MAX_PLACES) {
      known.push({
        field,
        file,
        line,
        ...(star && { star }),
        ...(isShared && { shared: true as const }),
      });
    }
  }
  return [...places.values()].flat();
}
