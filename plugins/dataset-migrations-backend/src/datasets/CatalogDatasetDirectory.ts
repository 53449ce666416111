import { LoggerService } from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { assertError, NotFoundError } from '@backstage/errors';
import {
  Consumer,
  DeclaredConsumer,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { ConsumerStore } from '../consumers/ConsumerStore';
import { readConsumers } from '../consumers/readConsumers';
import { EngineRegistry } from '../engines/EngineRegistry';
import { CatalogReader } from './CatalogReader';
import { DatasetStore } from './DatasetStore';
import { hashDataset, readDataset } from './readDataset';
import { DatasetDirectory, DatasetRecord } from './types';

type ChangeListener = (datasetRef: string) => Promise<void>;

/**
 * The read model. Requests read its tables; the catalog is asked for one
 * dataset at the moments that decide, and for all of them by the
 * reconciliation.
 */
export class CatalogDatasetDirectory implements DatasetDirectory {
  private readonly listeners: ChangeListener[] = [];
  private look: ChangeListener = async () => {};
  /** Of what datasets listeners are being told, and will be once more. */
  private readonly telling = new Map<
    string,
    { now: Promise<void>; next?: Promise<void> }
  >();

  constructor(
    private readonly options: {
      catalog: CatalogReader;
      datasets: DatasetStore;
      consumers: ConsumerStore;
      engines: EngineRegistry;
      /** Digest of the operator's bindings; see `hashDataset`. */
      bindings: string;
      logger: LoggerService;
    },
  ) {}

  async getDataset(entityRef: string): Promise<DatasetRecord> {
    return (
      (await this.options.datasets.find(entityRef)) ??
      // It may have come since the last reconciliation.
      (await this.refreshDataset(entityRef))
    );
  }

  /** The same, but undefined when the catalog has no such dataset. */
  async findDataset(entityRef: string): Promise<DatasetRecord | undefined> {
    try {
      return await this.getDataset(entityRef);
    } catch (error) {
      if (error instanceof NotFoundError) {
        return undefined;
      }
      throw error;
    }
  }

  async refreshDataset(entityRef: string): Promise<DatasetRecord> {
    const { catalog, datasets } = this.options;
    const entity = await catalog.getDataset(entityRef);
    if (!entity) {
      if (await datasets.remove(entityRef)) {
        await this.notify([entityRef]);
      }
      throw new NotFoundError(
        `There is no dataset '${entityRef}' in the catalog: datasets are entities of kind Resource with spec.type 'dataset'`,
      );
    }
    const hash = hashDataset(entity, this.options.bindings);
    const unchanged = await datasets.find(entityRef, hash);
    if (unchanged) {
      return unchanged;
    }
    const saved = await this.save(entity, hash);
    await this.notify([entityRef]);
    return saved;
  }

  async getConsumers(datasetRef: string): Promise<Consumer[]> {
    return this.options.consumers.ofDataset(datasetRef);
  }

  async refreshConsumers(datasetRef: string): Promise<Consumer[]> {
    const { catalog, consumers } = this.options;
    const { count, now: before } = await consumers.countNow(datasetRef);
    const changed = new Set<string>();
    const seen: DeclaredConsumer[] = [];
    for await (const page of catalog.consumersOf(datasetRef)) {
      const found = page.flatMap(entity =>
        readConsumers(entity, ref => ref === datasetRef).filter(
          consumer => consumer.datasetRef === datasetRef,
        ),
      );
      seen.push(...found);
      (await consumers.upsert(found)).forEach(ref => changed.add(ref));
    }
    if (count + seen.length === 0) {
      return [];
    }
    const lost = await consumers.removeOthers({ datasetRef, seen, before });
    if (changed.size + lost.size > 0) {
      await this.notify([datasetRef]);
    }
    await this.look(datasetRef);
    return consumers.ofDataset(datasetRef);
  }

  async setPublishedVersion(
    trx: Knex.Transaction,
    entityRef: string,
    versions: { current: string; coexisting?: string; retired?: string[] },
  ): Promise<void> {
    await this.options.datasets.setPublished(trx, entityRef, versions);
  }

  /**
   * Tells listeners that it is known anew what the consumers of datasets read. While
   * they are being told, what else becomes known of a dataset is told them once.
   */
  async fieldUseChanged(datasetRefs: Iterable<string>): Promise<void> {
    await Promise.all([...new Set(datasetRefs)].map(ref => this.tell(ref)));
  }

  private tell(datasetRef: string): Promise<void> {
    const state = this.telling.get(datasetRef);
    if (state?.next) {
      return state.next;
    }
    const now = state?.now;
    const told: Promise<void> = (now ?? Promise.resolve())
      .then(() => {
        this.telling.set(datasetRef, { now: told });
        return this.notify([datasetRef]);
      })
      .finally(() => {
        const current = this.telling.get(datasetRef);
        if (current?.now === told && !current.next) {
          this.telling.delete(datasetRef);
        }
      });
    this.telling.set(datasetRef, now ? { now, next: told } : { now: told });
    return told;
  }

  /** What brings the sources of a dataset's consumers up to date, where they are asked. */
  beforeDeciding(look: ChangeListener): void {
    this.look = look;
  }

  onChanged(listener: ChangeListener): void {
    this.listeners.push(listener);
  }

  /**
   * Brings the whole read model up to what the catalog says: a bounded number
   * of requests and statements, and a parse and a write only where something
   * changed. An entity that cannot be read keeps no other from being read.
   */
  async reconcile(signal?: AbortSignal): Promise<void> {
    const changed = await this.reconcileDatasets(signal);
    for (const ref of await this.reconcileConsumers(signal)) {
      changed.add(ref);
    }
    await this.notify([...changed]);
  }

  private async reconcileDatasets(signal?: AbortSignal): Promise<Set<string>> {
    const { catalog, datasets, logger } = this.options;
    const before = await datasets.now();
    const changed = new Set<string>();
    const seen: string[] = [];
    for await (const page of catalog.datasets()) {
      signal?.throwIfAborted();
      const refs = page.map(entity => stringifyEntityRef(entity));
      seen.push(...refs);
      const known = await datasets.hashes(refs);
      for (const [index, entity] of page.entries()) {
        const hash = hashDataset(entity, this.options.bindings);
        if (known.get(refs[index]) !== hash) {
          try {
            await this.save(entity, hash);
            changed.add(refs[index]);
          } catch (error) {
            assertError(error);
            logger.error(`Could not read ${refs[index]}`, error);
          }
        }
      }
    }
    for (const ref of await datasets.removeOthers({ seen, before })) {
      changed.add(ref);
    }
    return changed;
  }

  private async reconcileConsumers(signal?: AbortSignal): Promise<Set<string>> {
    const { catalog, consumers, datasets } = this.options;
    const before = await consumers.now();
    const known = await datasets.refs();
    const changed = new Set<string>();
    const seen: Array<{ datasetRef: string; entityRef: string }> = [];
    for await (const page of catalog.consumers()) {
      signal?.throwIfAborted();
      const found = page.flatMap(entity =>
        readConsumers(entity, ref => known.has(ref)),
      );
      for (const { datasetRef, entityRef } of found) {
        seen.push({ datasetRef, entityRef });
      }
      (await consumers.upsert(found)).forEach(ref => changed.add(ref));
    }
    const lost = await consumers.removeOthers({ seen, before });
    lost.forEach(ref => changed.add(ref));
    return changed;
  }

  private async save(entity: Entity, hash: string): Promise<DatasetRecord> {
    const content = await readDataset(entity, hash, this.options.engines);
    return this.options.datasets.save(content);
  }

  private async notify(datasetRefs: string[]): Promise<void> {
    for (const ref of datasetRefs) {
      for (const listener of this.listeners) {
        try {
          await listener(ref);
        } catch (error) {
          // One that does not listen keeps no other from hearing.
          assertError(error);
          this.options.logger.error(
            `A change of ${ref} was not acted on`,
            error,
          );
        }
      }
    }
  }
}
