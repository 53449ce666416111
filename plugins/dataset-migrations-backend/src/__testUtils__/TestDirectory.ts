import { NotFoundError } from '@backstage/errors';
import { Consumer } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { ConsumerKey } from '../consumers/ConsumerStore';
import {
  DatasetDirectory,
  DatasetListener,
  DatasetRecord,
  KnownDataset,
} from '../datasets/types';
import { Commits } from './Commits';

/** A directory of one dataset, as a test sets it. */
export class TestDirectory implements DatasetDirectory {
  consumers: Consumer[] = [];
  private readonly listeners: DatasetListener[] = [];

  constructor(
    readonly dataset: DatasetRecord,
    private readonly commits: Commits,
  ) {}

  async getDataset(entityRef: string): Promise<DatasetRecord> {
    if (entityRef !== this.dataset.entityRef) {
      throw new NotFoundError(`There is no dataset '${entityRef}'`);
    }
    return structuredClone(this.dataset);
  }

  async getDatasets(entityRefs: string[]): Promise<Map<string, DatasetRecord>> {
    const { entityRef } = this.dataset;
    return new Map(
      entityRefs.includes(entityRef)
        ? [[entityRef, await this.getDataset(entityRef)]]
        : [],
    );
  }

  async findMany(entityRefs: string[]): Promise<Map<string, KnownDataset>> {
    const dataset = structuredClone(this.dataset);
    return new Map(
      entityRefs.includes(dataset.entityRef)
        ? [
            [
              dataset.entityRef,
              { dataset, consumers: await this.getConsumers() },
            ],
          ]
        : [],
    );
  }

  refreshDataset(entityRef: string): Promise<DatasetRecord> {
    return this.getDataset(entityRef);
  }

  async getConsumers(
    _datasetRef?: string,
    options?: { only?: readonly string[] },
  ): Promise<Consumer[]> {
    return structuredClone(
      this.consumers.filter(
        ({ entityRef }) => options?.only?.includes(entityRef) ?? true,
      ),
    );
  }

  refreshConsumers(
    datasetRef?: string,
    _options?: { sources?: boolean },
  ): Promise<Consumer[]> {
    return this.getConsumers(datasetRef);
  }

  async refreshDatasetAndConsumers(
    datasetRef: string,
    options?: { sources?: boolean },
  ): Promise<{ dataset?: DatasetRecord; consumers: Consumer[] }> {
    return {
      dataset: await this.refreshDataset(datasetRef),
      consumers: await this.refreshConsumers(datasetRef, options),
    };
  }

  async setPublishedVersion(
    trx: Knex.Transaction,
    _entityRef: string,
    versions: { current: string; coexisting?: string; retired?: string[] },
  ): Promise<void> {
    this.commits.after(trx, () => {
      this.dataset.currentVersion = versions.current;
      for (const version of this.dataset.versions) {
        if (version.version === versions.current) {
          version.state = 'current';
        } else if (version.version === versions.coexisting) {
          version.state = 'coexisting';
        } else {
          version.state = versions.retired?.includes(version.version)
            ? 'retired'
            : 'proposed';
        }
      }
    });
  }

  async fieldUseChanged(keys: readonly ConsumerKey[]): Promise<void> {
    await this.changed(keys.map(({ entityRef }) => entityRef));
  }

  onChanged(listener: DatasetListener): void {
    this.listeners.push(listener);
  }

  /** The catalog changed; of these consumers alone where they are named. */
  async changed(consumerRefs?: string[]): Promise<void> {
    for (const listener of this.listeners) {
      await listener(this.dataset.entityRef, consumerRefs);
    }
  }
}
