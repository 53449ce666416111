import { LoggerService } from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { assertError, NotFoundError } from '@backstage/errors';
import {
  Consumer,
  DeclaredConsumer,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { isDatasetEntity } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Knex } from 'knex';
import { ConsumerKey, ConsumerStore, keyOf } from '../consumers/ConsumerStore';
import { readConsumers } from '../consumers/readConsumers';
import { EngineRegistry } from '../engines/EngineRegistry';
import { CatalogReader } from './CatalogReader';
import { DatasetReading } from './DatasetReading';
import { DatasetStore } from './DatasetStore';
import { ChangedDatasets } from './ChangedDatasets';
import { Tellings } from './Tellings';
import {
  DatasetDirectory,
  DatasetListener,
  DatasetRecord,
  KnownDataset,
} from './types';

/** Consumers of a dataset that are read with those of others. */
const FEW = 100;

/**
 * The read model. Requests read its tables; the catalog is asked for one
 * dataset at the moments that decide, for entities that are said to have changed,
 * and for all of them by the reconciliation.
 */
export class CatalogDatasetDirectory implements DatasetDirectory {
  private readonly listeners: DatasetListener[] = [];
  private readonly fieldUse = new Tellings(changed => this.notify(changed));
  private readonly reading: DatasetReading;
  private look: (datasetRef: string) => Promise<void> = async () => {};

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
  ) {
    this.reading = new DatasetReading(options);
  }

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

  async getDatasets(entityRefs: string[]): Promise<Map<string, DatasetRecord>> {
    const found = await this.options.datasets.findAll(entityRefs);
    return new Map(found.map(dataset => [dataset.entityRef, dataset]));
  }

  async findMany(entityRefs: string[]): Promise<Map<string, KnownDataset>> {
    const { datasets, consumers } = this.options;
    const [found, counts] = await Promise.all([
      datasets.findAll(entityRefs),
      consumers.countByDataset(entityRefs),
    ]);
    const few = entityRefs.filter(ref => (counts.get(ref) ?? 0) <= FEW);
    const read = await consumers.ofDatasets(few.filter(ref => counts.has(ref)));
    const readers = new Map(few.map(ref => [ref, read.get(ref) ?? []]));
    return new Map(
      found.map(dataset => [
        dataset.entityRef,
        { dataset, consumers: readers.get(dataset.entityRef) },
      ]),
    );
  }

  async refreshDataset(entityRef: string): Promise<DatasetRecord> {
    const { catalog, datasets } = this.options;
    const entity = await catalog.getDataset(entityRef);
    if (!entity) {
      if ((await datasets.remove([entityRef])).length > 0) {
        await this.notify(new ChangedDatasets().add(entityRef));
      }
      throw new NotFoundError(
        `There is no dataset '${entityRef}' in the catalog: datasets are entities of kind Resource with spec.type 'dataset'`,
      );
    }
    const unchanged = await datasets.find(entityRef, this.reading.hash(entity));
    return unchanged ?? this.saveDataset(entity);
  }

  private async saveDataset(entity: Entity): Promise<DatasetRecord> {
    const saved = await this.reading.save(entity);
    await this.notify(new ChangedDatasets().add(saved.entityRef));
    return saved;
  }

  /**
   * Asks the catalog for entities that are said to have changed, and brings the read
   * model up to these alone: one request, however many consumers their datasets have.
   *
   * @returns those that the catalog has, as it gives them, but for those of which
   *   something else was written meanwhile: which of it is newer only another look tells
   */
  async refreshEntities(entityRefs: string[]): Promise<Entity[]> {
    const { catalog, consumers } = this.options;
    const before = await consumers.now();
    const entities = await catalog.getEntities(entityRefs);
    const changed = new ChangedDatasets();
    try {
      const passed = await this.takeEntities(entities, before, changed);
      return entities.filter(entity => !passed.has(refOf(entity)));
    } finally {
      // What was written is told, whatever failed after it.
      await this.notify(changed);
    }
  }

  /** @returns the refs of those of which something else was written since `before` */
  private async takeEntities(
    entities: Entity[],
    before: Date,
    changed: ChangedDatasets,
  ): Promise<Set<string>> {
    const { consumers, datasets } = this.options;
    const passed = await this.reading.take(
      entities.filter(isDatasetEntity),
      changed,
      { before },
    );
    const others = entities.filter(entity => !isDatasetEntity(entity));
    for (const ref of await datasets.remove(others.map(refOf), { before })) {
      changed.add(ref);
    }
    const related = entities.flatMap(entity =>
      readConsumers(entity, () => true),
    );
    const known = await datasets.hashes(
      related.map(({ datasetRef }) => datasetRef),
    );
    const written = await consumers.upsert(
      related.filter(
        ({ source, datasetRef }) =>
          source === 'declared' || known.has(datasetRef),
      ),
      { before },
    );
    changed.addConsumers(written);
    const consumerRefs = entities.map(refOf);
    changed.addConsumers(
      await consumers.removeOthers({
        consumerRefs,
        // What is no dataset by now may be one that is not read yet.
        seen: related,
        before,
      }),
    );
    const own = new Set(written.map(keyOf));
    for (const key of await consumers.writtenSince(consumerRefs, before)) {
      if (!own.has(keyOf(key))) {
        passed.add(key.entityRef);
      }
    }
    return passed;
  }

  async getConsumers(
    datasetRef: string,
    options?: { only?: readonly string[]; trx?: Knex.Transaction },
  ): Promise<Consumer[]> {
    return this.options.consumers.ofDataset(datasetRef, options);
  }

  async refreshConsumers(
    datasetRef: string,
    options: { sources?: boolean } = {},
  ): Promise<Consumer[]> {
    const { catalog, consumers } = this.options;
    const { count, now: before } = await consumers.countNow(datasetRef);
    const pages = catalog.consumersOf(datasetRef);
    return this.takeConsumers(datasetRef, pages, { ...options, count, before });
  }

  async refreshDatasetAndConsumers(
    datasetRef: string,
    options: { sources?: boolean } = {},
  ): Promise<{ dataset?: DatasetRecord; consumers: Consumer[] }> {
    const { catalog, datasets } = this.options;
    const before = await datasets.findNow(datasetRef);
    let dataset: DatasetRecord | undefined;
    const takeDataset = async (entity: Entity) => {
      const { known } = before;
      dataset =
        known?.hash === this.reading.hash(entity)
          ? known.dataset
          : await this.saveDataset(entity);
    };
    async function* takingDataset(pages: AsyncIterable<Entity[]>) {
      for await (const page of pages) {
        const entity = page.find(one => refOf(one) === datasetRef);
        if (entity && isDatasetEntity(entity)) {
          await takeDataset(entity);
        }
        yield page;
      }
    }
    const consumers = await this.takeConsumers(
      datasetRef,
      takingDataset(catalog.datasetAndConsumersOf(datasetRef)),
      { ...options, count: before.consumers, before: before.now },
    );
    return { dataset, consumers };
  }

  /**
   * Brings the read model up to the consumers of a dataset.
   *
   * @param pages - entities of the catalog, all of its consumers among them
   * @param options.count - of the consumers that were known before
   */
  private async takeConsumers(
    datasetRef: string,
    pages: AsyncIterable<Entity[]>,
    options: { sources?: boolean; count: number; before: Date },
  ): Promise<Consumer[]> {
    const { consumers } = this.options;
    const { sources, count, before } = options;
    const changed = new ChangedDatasets();
    const seen: DeclaredConsumer[] = [];
    for await (const page of pages) {
      const found = page.flatMap(entity =>
        readConsumers(entity, ref => ref === datasetRef).filter(
          consumer => consumer.datasetRef === datasetRef,
        ),
      );
      seen.push(...found);
      changed.addConsumers(await consumers.upsert(found));
    }
    if (count + seen.length === 0) {
      return [];
    }
    changed.addConsumers(
      await consumers.removeOthers({ datasetRef, seen, before }),
    );
    await this.notify(changed);
    if (sources) {
      await this.look(datasetRef);
    }
    return consumers.ofDataset(datasetRef);
  }

  async setPublishedVersion(
    trx: Knex.Transaction,
    entityRef: string,
    versions: { current: string; coexisting?: string; retired?: string[] },
  ): Promise<void> {
    await this.options.datasets.setPublished(trx, entityRef, versions);
  }

  async fieldUseChanged(keys: readonly ConsumerKey[]): Promise<void> {
    await this.fieldUse.tell(keys);
  }

  /** What brings the sources of a dataset's consumers up to date, where they are asked. */
  beforeDeciding(look: (datasetRef: string) => Promise<void>): void {
    this.look = look;
  }

  onChanged(listener: DatasetListener): void {
    this.listeners.push(listener);
  }

  /**
   * Brings the whole read model up to what the catalog says: a bounded number
   * of requests and statements, and a parse and a write only where something
   * changed. An entity that cannot be read keeps no other from being read.
   */
  async reconcile(signal?: AbortSignal): Promise<void> {
    const changed = new ChangedDatasets();
    await this.reconcileDatasets(changed, signal);
    await this.reconcileConsumers(changed, signal);
    await this.notify(changed);
  }

  private async reconcileDatasets(
    changed: ChangedDatasets,
    signal?: AbortSignal,
  ): Promise<void> {
    const { catalog, datasets } = this.options;
    const before = await datasets.now();
    const seen: string[] = [];
    for await (const page of catalog.datasets()) {
      signal?.throwIfAborted();
      seen.push(...page.map(refOf));
      await this.reading.take(page, changed);
    }
    for (const ref of await datasets.removeOthers({ seen, before })) {
      changed.add(ref);
    }
  }

  private async reconcileConsumers(
    changed: ChangedDatasets,
    signal?: AbortSignal,
  ): Promise<void> {
    const { catalog, consumers, datasets } = this.options;
    const before = await consumers.now();
    const known = await datasets.refs();
    const seen: ConsumerKey[] = [];
    for await (const page of catalog.consumers()) {
      signal?.throwIfAborted();
      const found = page.flatMap(entity =>
        readConsumers(entity, ref => known.has(ref)),
      );
      for (const { datasetRef, entityRef } of found) {
        seen.push({ datasetRef, entityRef });
      }
      changed.addConsumers(await consumers.upsert(found));
    }
    changed.addConsumers(await consumers.removeOthers({ seen, before }));
  }

  private async notify(changed: ChangedDatasets): Promise<void> {
    for (const [ref, consumerRefs] of changed.entries()) {
      for (const listener of this.listeners) {
        try {
          await listener(ref, consumerRefs);
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

function refOf(entity: Entity): string {
  return stringifyEntityRef(entity);
}
