import {
  AcceptedChange,
  ChangeEffect,
  Consumer,
  Contract,
  DatasetProblem,
  DatasetVersion,
  MigrationDocument,
  TimeWindow,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Location } from '@skein/backstage-plugin-dataset-migrations-node';
import { Knex } from 'knex';
import { ConsumerKey } from '../consumers/ConsumerStore';

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
  /** The gravest change on the way from the current version to a later one. */
  severity?: ChangeEffect;
  versions: DatasetVersion[];
  contracts: Contract[];
  documents: MigrationDocument[];
  /** When it may be migrated without somebody's click; at any time when empty. */
  windows: TimeWindow[];
  problems: DatasetProblem[];
}

/** What the read model has of one of many datasets. */
export interface KnownDataset {
  dataset: DatasetRecord;
  /** Absent where they are too many to be read with those of others. */
  consumers?: Consumer[];
  /** What is accepted of its changes, where that was read with those of others, too. */
  accepted?: readonly AcceptedChange[];
}

/**
 * Datasets and their consumers, indexed; no request loads the whole catalog.
 */
export interface DatasetDirectory {
  /** @throws NotFoundError when the catalog has no such dataset */
  getDataset(entityRef: string): Promise<DatasetRecord>;
  /** Those of the datasets that the read model has, by entity ref. */
  getDatasets(entityRefs: string[]): Promise<Map<string, DatasetRecord>>;
  /**
   * Some datasets with their consumers, in as few statements as one takes.
   *
   * @returns by entity ref, without those that the read model does not have
   */
  findMany(entityRefs: string[]): Promise<Map<string, KnownDataset>>;
  /** Reads the entity anew from the catalog first; for the moments that decide. */
  refreshDataset(entityRef: string): Promise<DatasetRecord>;
  /**
   * @param options.only - entity refs; those that read it no longer are left out
   * @param options.trx - reads as of it
   */
  getConsumers(
    datasetRef: string,
    options?: { only?: readonly string[]; trx?: Knex.Transaction },
  ): Promise<Consumer[]>;
  /**
   * Asks the catalog itself for the consumers and updates the read model.
   *
   * @param options.sources - looks at the sources of the consumers, too, which may
   *   take a minute: before something is done by what they read
   */
  refreshConsumers(
    datasetRef: string,
    options?: { sources?: boolean },
  ): Promise<Consumer[]>;
  /**
   * The same, and brings the read model up to the dataset itself, with one question to
   * the catalog for both.
   *
   * @returns without the dataset where the answer had none
   */
  refreshDatasetAndConsumers(
    datasetRef: string,
    options?: { sources?: boolean },
  ): Promise<{ dataset?: DatasetRecord; consumers: Consumer[] }>;
  /** Records what the pipeline published, in its transaction. */
  setPublishedVersion(
    trx: Knex.Transaction,
    entityRef: string,
    versions: { current: string; coexisting?: string; retired?: string[] },
  ): Promise<void>;
  /**
   * Tells listeners that it is known anew what consumers read. While they are being
   * told of a dataset, what else becomes known of it is told them once.
   */
  fieldUseChanged(keys: readonly ConsumerKey[]): Promise<void>;
  /** Called when a dataset, its consumers or what they read changed. */
  onChanged(listener: DatasetListener): void;
}

/**
 * @param consumerRefs - the consumers that changed, came or went, where nothing
 *   else of the dataset did
 */
export type DatasetListener = (
  datasetRef: string,
  consumerRefs?: readonly string[],
) => Promise<void>;
