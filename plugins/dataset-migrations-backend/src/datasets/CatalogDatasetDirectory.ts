import { LoggerService } from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { assertError, NotFoundError } from '@backstage/errors';
import {
  Consumer,
  DeclaredConsumer,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { isDatasetEntity } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Knex } from 'knex';
import { ConsumerKey, ConsumerStore } from '../consumers/ConsumerStore';
import { readConsumers } from '../consumers/readConsumers';
import { EngineRegistry } from '../engines/EngineRegistry';
import { CatalogReader } from './CatalogReader';
import { DatasetStore } from './DatasetStore';
import { hashDataset, readDataset } from './readDataset';
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
      if (await datasets.remove(entityRef)) {
        await this.notify(new ChangedDatasets().add(entityRef));
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
    await this.notify(new ChangedDatasets().add(entityRef));
    return saved;
  }

  /**
   * Asks the catalog for entities that are said to have changed, and brings the read
   * model up to these alone: one request, however many consumers their datasets have.
   *
   * @returns those that the catalog has, as it gives them
   */
  async refreshEntities(entityRefs: string[]): Promise<Entity[]> {
    const { catalog, consumers } = this.options;
    const before = await consumers.now();
    const entities = await catalog.getEntities(entityRefs);
    const changed = new ChangedDatasets();
    try {
      await this.takeEntities(entities, before, changed);
    } finally {
      // What was written is told, whatever failed after it.
      await this.notify(changed);
    }
    return entities;
  }

  private async takeEntities(
    entities: Entity[],
    before: Date,
    changed: ChangedDatasets,
  ): Promise<void> {
    const { consumers, datasets } = this.options;
    await this.takeDatasets(entities.filter(isDatasetEntity), changed);
    const related = entities.flatMap(entity =>
      readConsumers(entity, () => true),
    );
    const known = await datasets.hashes(
      related.map(({ datasetRef }) => datasetRef),
    );
    changed.addConsumers(
      await consumers.upsert(
        related.filter(
          ({ source, datasetRef }) =>
            source === 'declared' || known.has(datasetRef),
        ),
      ),
    );
    changed.addConsumers(
      await consumers.removeOthers({
        consumerRefs: entities.map(refOf),
        // What is no dataset by now may be one that is not read yet.
        seen: related,
        before,
      }),
    );
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
    const changed = new ChangedDatasets();
    const seen: DeclaredConsumer[] = [];
    for await (const page of catalog.consumersOf(datasetRef)) {
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
    if (options.sources) {
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
      await this.takeDatasets(page, changed);
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

  /** Reads those anew that are not as they were. */
  private async takeDatasets(
    entities: Entity[],
    changed: ChangedDatasets,
  ): Promise<void> {
    const { bindings, datasets, logger } = this.options;
    const known = await datasets.hashes(entities.map(refOf));
    for (const entity of entities) {
      const ref = refOf(entity);
      const hash = hashDataset(entity, bindings);
      if (known.get(ref) !== hash) {
        try {
          await this.save(entity, hash);
          changed.add(ref);
        } catch (error) {
          assertError(error);
          logger.error(`Could not read ${ref}`, error);
        }
      }
    }
  }

  private async save(entity: Entity, hash: string): Promise<DatasetRecord> {
    const content = await readDataset(entity, hash, this.options.engines);
    return this.options.datasets.save(content);
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
