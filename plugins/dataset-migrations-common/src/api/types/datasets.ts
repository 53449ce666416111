import {
  ConsumerVerdict,
  FieldCompleteness,
  FieldEvidence,
  LineageSilence,
  SourceRevision,
  UnreadSource,
  Verdict,
} from '../../compatibility/types';
import { Contract } from '../../contracts/types';
import { MigrationState, Stage } from '../../states/types';
import { Page } from './page';

/** @public */
export type DatasetVersionState =
  | 'proposed'
  | 'current'
  | 'coexisting'
  | 'retired';

/** @public */
export interface DatasetVersion {
  version: string;
  state: DatasetVersionState;
  /** Of the contract. */
  status: string;
}

/** A row of `GET /datasets`. @public */
export interface DatasetSummary {
  entityRef: string;
  title: string;
  description?: string;
  owner?: string;
  system?: string;
  /** Engine that holds it, absent when its location cannot be resolved. */
  engine?: string;
  currentVersion?: string;
  versions: DatasetVersion[];
  /** Highest proposed version above the current one. */
  nextVersion?: string;
  consumerCount: number;
  activeMigration?: { id: string; state: MigrationState; stage?: Stage };
  /** Why it cannot be migrated as it is: invalid contract, location not allowed. */
  problems: DatasetProblem[];
}

/** @public */
export interface DatasetProblem {
  /** Where: `spec.contracts[1].schema[0].properties[2].logicalType`. */
  path: string;
  message: string;
}

/** `GET /datasets/:kind/:namespace/:name`. @public */
export interface Dataset extends DatasetSummary {
  contracts: Contract[];
  /** What the store itself says, if it could be asked. */
  recordedVersion?: string;
  /** Set when plugin and store disagree about the current version. */
  drift?: string;
}

/** `GET /datasets`. @public */
export interface DatasetsResponse extends Page<DatasetSummary> {
  /** Ids of all engines that hold datasets here, whatever the filter. */
  engines: string[];
}

/** Filters of `GET /datasets`. @public */
export interface ListDatasetsRequest {
  search?: string;
  owner?: string;
  engine?: string;
  /** Only datasets with an active migration, with a next version, with problems. */
  status?: 'active' | 'upgradable' | 'problem';
  cursor?: string;
  limit?: number;
}

/**
 * `GET /datasets/.../consumers?targetVersion=&limit=`: the counts are of all
 * consumers, however few items were asked for.
 *
 * @public
 */
export interface ConsumersResponse {
  fromVersion?: string;
  targetVersion?: string;
  items: ConsumerVerdict[];
  counts: Record<Verdict, number>;
}

/**
 * Whether the caller is told of a dataset without reading it:
 * `/datasets/:kind/:namespace/:name/subscription`.
 *
 * @public
 */
export interface Subscription {
  following: boolean;
  /** Whether the caller would be told: people are, where notifications are on. */
  available: boolean;
}

/**
 * Answer to an OpenLineage event: `POST /consumers/.../lineage`.
 *
 * @public
 */
export interface LineageResponse {
  /** What is known of each dataset now. */
  accepted: Array<{ datasetRef: string; fields: string[] }>;
  /** The fields of datasets that it told the origin of; absent where there are none. */
  written?: Array<{ datasetRef: string; fields: string[] }>;
  /** Sentences about what of the event was not taken. */
  ignored: string[];
}

/** What a consumer entity reads; `GET /consumers/:kind/:namespace/:name/datasets`. @public */
export interface ConsumedDataset {
  dataset: DatasetSummary;
  constraint?: string;
  fields?: string[];
  /** How the fields are known, where more than a declaration says so. */
  evidence?: FieldEvidence[];
  /** What of its source may read the dataset, too, and could not be read. */
  unread?: UnreadSource[];
  /** Why the fields are all that it reads, where more than a declaration is known. */
  complete?: FieldCompleteness;
  /** The state of its source that evidence and unread parts are of. */
  scan?: SourceRevision;
  /** What its runs do not read, where that is asked for and known. */
  silence?: LineageSilence;
  /**
   * First the version of the migration that is under way, or whose old version is still
   * there, if there is one; then those that are proposed above the current one, lowest
   * first.
   */
  coming: ComingVersion[];
  /** Whether the caller may answer for it. */
  mayAcknowledge: boolean;
}

/** A version that comes to those who read a dataset, and what it means for one. @public */
export interface ComingVersion {
  version: string;
  /** The one that it is to follow; absent where it is not known which is current. */
  fromVersion?: string;
  /** Absent where it is proposed, and nothing is under way to it. */
  migration?: {
    id: string;
    state: MigrationState;
    /** See `Migration`. */
    deadline?: string;
    retirement?: string;
    oldVersionState?: 'coexisting' | 'retired';
  };
  verdict: ConsumerVerdict;
  /** The changes that concern the consumer, as sentences: what its owner answers to. */
  concerns: string[];
  /** Names these changes; absent where there is no plan for the version. */
  concernsId?: string;
  /**
   * What the consumer may declare once it has moved, as YAML for its entity; absent
   * where its declaration may stay as it is.
   */
  declaration?: string;
}
