import {
  Consumer,
  Contract,
  DatasetProblem,
  DatasetVersion,
  MigrationDocument,
  TimeWindow,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Location } from '@skein/backstage-plugin-dataset-migrations-node';
import { Knex } from 'knex';

/** A dataset as the read model has it. */
export interface DatasetRecord {
  entityRef: string;
  title: string;
  description?: string;
  owner?: string;
  system?: string;
  engine?: string;
  /** Where its data is; of the objects of the contract that {@link contractToLocate} gives. */
  location?: Location;
  furtherLocations?: Location[];
  currentVersion?: string;
  /** True once the plugin itself published `currentVersion`. */
  published: boolean;
  nextVersion?: string;
  versions: DatasetVersion[];
  contracts: Contract[];
  documents: MigrationDocument[];
  /** When campaigns may migrate it; at any time when empty. */
  windows: TimeWindow[];
  problems: DatasetProblem[];
}

/**
 * Datasets and their consumers, indexed; no request loads the whole catalog.
 */
export interface DatasetDirectory {
  /** @throws NotFoundError when the catalog has no such dataset */
  getDataset(entityRef: string): Promise<DatasetRecord>;
  /** Reads the entity anew from the catalog first; for the moments that decide. */
  refreshDataset(entityRef: string): Promise<DatasetRecord>;
  getConsumers(datasetRef: string): Promise<Consumer[]>;
  /** Asks the catalog itself for the consumers and updates the read model. */
  refreshConsumers(datasetRef: string): Promise<Consumer[]>;
  /** Records what the pipeline published, in its transaction. */
  setPublishedVersion(
    trx: Knex.Transaction,
    entityRef: string,
    versions: { current: string; coexisting?: string; retired?: string[] },
  ): Promise<void>;
  /** Tells listeners that it is known anew what the consumers of datasets read. */
  fieldUseChanged(datasetRefs: Iterable<string>): Promise<void>;
  /** Called when a dataset, its consumers or what they read changed. */
  onChanged(listener: (datasetRef: string) => Promise<void>): void;
}
