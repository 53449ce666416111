import { JsonObject, JsonValue } from '@backstage/types';
import { Change } from '../changes/types';
import { ConsumerVerdict, Verdict } from '../compatibility/types';
import { Contract, Field } from '../contracts/types';
import { MigrationStep, Policy, VersionBump } from '../plan/types';
import { MigrationState, Stage } from '../states/types';

/** A page of a list; `nextCursor` is absent on the last page. @public */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
  /** Number of items over all pages, under the same filter. */
  totalItems: number;
}

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

/** How the engine will carry a plan out. @public */
export interface EnginePlanSummary {
  engine: string;
  strategy: 'metadata-only' | 'shadow-copy';
  /** Estimates from metadata; rows may be unknown. */
  rows?: number;
  bytes?: number;
  chunks?: number;
  /** How long copying and verifying takes, roughly, in seconds. */
  seconds?: number;
  /** What the store must have free beside the data, in bytes. */
  diskBytes?: number;
  locks?: PlannedLock[];
  /** Sentences on locks, disk, what a reader notices. */
  notes: string[];
  /** Reasons why the engine refuses to carry the plan out. */
  refusals: string[];
}

/** A lock that a plan takes while readers and writers go on. @public */
export interface PlannedLock {
  /** What is locked: `public.flights`. */
  relation: string;
  /** In the store's own words: `ACCESS EXCLUSIVE`. */
  mode: string;
  /** When: `cut over`. */
  during: string;
  /** How long it is held, roughly, in milliseconds. */
  heldMs: number;
}

/** `POST /datasets/.../plan`. @public */
export interface PlanRequest {
  targetVersion: string;
  /** What the engine plans for; the policy that the answer proposes when absent. */
  policy?: Policy;
}

/** The answer to a {@link PlanRequest}. @public */
export interface PlanResponse {
  datasetRef: string;
  fromVersion: string;
  toVersion: string;
  steps: MigrationStep[];
  stepsFrom: 'document' | 'derived';
  changes: Change[];
  /** The fields of both versions, under the names by which changes call them. */
  source: Field[];
  target: Field[];
  breaking: boolean;
  requiredBump: VersionBump;
  /**
   * How long after the cut over the old version can be had back, as long as
   * nothing was written to the new one.
   */
  rollbackSeconds: number;
  consumers: ConsumerVerdict[];
  /** Number of consumers that block under policy `switch`. */
  blockingCount: number;
  /** Under the policy that was asked for. */
  enginePlan: EnginePlanSummary;
  /** Proposed policy: `coexist` when someone would break. */
  proposedPolicy: Policy;
}

/** Rows of one schema object, before and after. @public */
export interface ObjectPreview {
  /** Name of the object; absent where the contract has one. */
  object?: string;
  columnsBefore: string[];
  columnsAfter: string[];
  /** Values as text, null for NULL; the same index is the same row. */
  before: Array<Array<string | null>>;
  after: Array<Array<string | null>>;
  maskedBefore: string[];
  maskedAfter: string[];
}

/**
 * `POST /datasets/.../preview`: rows before and after. Needs the permission
 * `dataset.data.read`; classified fields are masked; nothing is kept.
 * @public
 */
export interface PreviewResponse extends ObjectPreview {
  /** Of the other objects of the contract, where it has several. */
  further?: ObjectPreview[];
}

/** @public */
export interface PreflightFinding {
  /**
   * `cast-fails`, `not-null-violated`, `duplicate-key`, `type-mismatch`, ...; or
   * `rows-set-aside`, which does not keep a migration from starting.
   */
  kind: string;
  field?: string;
  rows: number;
  message: string;
  /** Offending values, only for callers with `dataset.data.read`. */
  samples?: string[];
}

/** @public */
export interface PreflightReport {
  state: 'queued' | 'running' | 'done' | 'failed';
  id: string;
  rowsScanned?: number;
  findings: PreflightFinding[];
  error?: string;
}

/** `POST /migrations`. @public */
export interface StartMigrationRequest {
  datasetRef: string;
  targetVersion: string;
  /** Default `switch`. */
  policy?: Policy;
  /** What the caller believes is current; a mismatch is a 409. */
  expectedVersion?: string;
}

/** @public */
export interface MigrationError {
  /** `name` of the error, e.g. `InputError`, `VerificationError`. */
  name: string;
  message: string;
  stage?: Stage;
}

/** @public */
export interface StageRecord {
  stage: Stage;
  state: 'pending' | 'running' | 'succeeded' | 'failed' | 'skipped';
  startedAt?: string;
  finishedAt?: string;
  attempts: number;
}

/** @public */
export interface TransformProgress {
  rowsDone: number;
  rowsTotal?: number;
  chunksDone: number;
  chunksTotal?: number;
  /** How much is done, from 0 to 1, where that is known and the total of rows is not. */
  share?: number;
  rowsPerSecond?: number;
  secondsLeft?: number;
  /** `copying` when absent. */
  activity?: TransformActivity;
  /** Changes made to the source that the new version does not have yet. */
  changesWaiting?: number;
  /** Why the engine goes slower than it could, as a sentence. */
  throttledBy?: string;
}

/**
 * What a transformation is doing: rows go over, keys and indexes are built,
 * what was written meanwhile is brought over.
 * @public
 */
export type TransformActivity = 'copying' | 'indexing' | 'catching-up';

/** A column whose digests differ, with the key ranges that hold it. @public */
export interface VerificationMismatch {
  /** The schema object, where the contract has several. */
  object?: string;
  /** Absent for a difference in the number of rows. */
  column?: string;
  /** Key or row ranges, as text: `id 1200..1299`. */
  ranges: string[];
  message: string;
}

/**
 * The rows that are not in the new version because a value of theirs cannot be
 * cast, and what was verified of them.
 * @public
 */
export interface SetAsideReport {
  /**
   * Where they are kept: `public_quarantine_v2_0_0.orders`. Of files, the folder:
   * the manifest names those in it that count.
   */
  place: string;
  /** Rows of the source that do not cast, and rows that are kept. */
  sourceRows: number;
  keptRows: number;
  /** Hex digests of both, of all old columns and the fields that failed. */
  sourceChecksum: string;
  keptChecksum: string;
  /** Rows kept for each field; a row may fail for several. */
  fields: Array<{ name: string; rows: number }>;
}

/** @public */
export interface VerificationReport {
  ok: boolean;
  /** Without the rows that are set aside. */
  sourceRows: number;
  targetRows: number;
  /**
   * Hex digests of source-through-mapping and of target; of several objects one
   * after the other.
   */
  sourceChecksum: string;
  targetChecksum: string;
  /** Rows and digests of each schema object, where the contract has several. */
  objects?: Array<
    { object: string } & Pick<
      VerificationReport,
      | 'sourceRows'
      | 'targetRows'
      | 'sourceChecksum'
      | 'targetChecksum'
      | 'setAside'
    >
  >;
  /** Per target column. */
  columns: Array<{ object?: string; name: string; ok: boolean }>;
  mismatches: VerificationMismatch[];
  /** Rules of the target contract, each with the rows that violate it. */
  contractChecks: Array<{
    object?: string;
    rule: string;
    field?: string;
    ok: boolean;
    violations: number;
  }>;
  /** Absent where no cast sets rows aside. */
  setAside?: SetAsideReport;
  seconds: number;
}

/** A row of `GET /migrations`. @public */
export interface MigrationSummary {
  id: string;
  /** The campaign that started it. */
  campaignId?: string;
  datasetRef: string;
  fromVersion: string;
  toVersion: string;
  policy: Policy;
  state: MigrationState;
  stage?: Stage;
  /** Entity ref of who started it. */
  startedBy: string;
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  progress?: TransformProgress;
  error?: MigrationError;
}

/** `GET /migrations/:id`. @public */
export interface Migration extends MigrationSummary {
  stages: StageRecord[];
  steps: MigrationStep[];
  changes: Change[];
  /** The consumers as last judged: the evidence. */
  consumers: ConsumerVerdict[];
  enginePlan?: EnginePlanSummary;
  verification?: VerificationReport;
  override?: { by: string; reason: string; at: string };
  /** What the caller may do now; the UI draws its buttons from this. */
  actions: MigrationAction[];
  /**
   * Until when the old version is kept for a roll back; a coexisting one stays
   * until it is retired, however late that is.
   */
  rollbackUntil?: string;
  /** State of the old version after a cut over under `coexist`. */
  oldVersionState?: 'coexisting' | 'retired';
  /**
   * When `steps`, `consumers` and the details of `verification` were removed, as
   * it ended long ago. Nothing can be done with it since.
   */
  evidenceRemovedAt?: string;
}

/** @public */
export type MigrationAction =
  | 'cancel'
  | 'retry'
  | 'override'
  | 'coexist'
  | 'rollback'
  | 'retire';

/** One line of a migration's log. @public */
export interface MigrationEvent {
  id: string;
  at: string;
  level: 'info' | 'warn' | 'error';
  stage?: Stage;
  message: string;
  data?: JsonObject;
}

/** A notification of a migration, or of how a campaign went. @public */
export interface Delivery {
  id: string;
  /** The migration that it tells of; absent where it tells of a campaign. */
  migrationId?: string;
  /** The dataset of that migration. */
  datasetRef?: string;
  /**
   * The campaign that it tells an owner of: how it ended for the owner's
   * datasets. Absent where it tells of a migration, also of one of a campaign.
   */
  campaignId?: string;
  /** Whom it is for: a consumer, an owner, or the dataset where it is for all. */
  consumerRef: string;
  /** `webhook`, `notification`, `event`, or the id of a notifier. */
  kind: string;
  /** CloudEvents type. */
  eventType: string;
  /** Scheme, host and path; no query, no credentials. */
  target: string;
  state: 'pending' | 'delivered' | 'dead';
  attempts: number;
  lastError?: string;
  lastStatus?: number;
  createdAt: string;
  deliveredAt?: string;
  nextAttemptAt?: string;
}

/** @public */
export interface WorkerInfo {
  id: string;
  hostname: string;
  pid: number;
  slots: number;
  running: number;
  /** `draining`: it stops, and takes no more jobs. */
  state: 'working' | 'draining';
  /**
   * Engines whose datasets it takes; one that cannot reach the storage of an
   * engine leaves it out. Absent for a worker of an earlier release.
   */
  engines?: string[];
  /** Release of the plugin. */
  version?: string;
  startedAt: string;
  lastSeenAt: string;
}

/** `GET /queue`. @public */
export interface QueueStatus {
  depth: number;
  /** Jobs that are due, and datasets that campaigns could start now. */
  eligibleBacklog: number;
  /** Seconds; 0 when nothing is queued. */
  oldestAgeSeconds: number;
  running: number;
  failed: number;
  workersAlive: number;
  workers: WorkerInfo[];
}

/** The queue at one moment: `GET /queue/history`. @public */
export interface QueueSample {
  at: string;
  depth: number;
  eligibleBacklog: number;
  oldestAgeSeconds: number;
  running: number;
  workersAlive: number;
  /** Migrations that ended since the sample before, by how. */
  succeeded: number;
  failed: number;
}

/** Which part of the past, and in how many samples. @public */
export interface QueueHistoryRequest {
  /** Up to now; 1 to 168, default 1. */
  hours?: number;
  /** At most so many, 10 to 500, default 120; further ones are merged. */
  samples?: number;
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

/** Filters of `GET /migrations`. @public */
export interface ListMigrationsRequest {
  datasetRef?: string;
  /** Part of the dataset's entity ref. */
  search?: string;
  campaignId?: string;
  state?: MigrationState[];
  startedBy?: string;
  cursor?: string;
  limit?: number;
}

/** Filters of `GET /deliveries`. @public */
export interface ListDeliveriesRequest {
  migrationId?: string;
  /** Those that tell of the campaign itself, and not of its migrations. */
  campaignId?: string;
  consumerRef?: string;
  state?: Delivery['state'];
  cursor?: string;
  limit?: number;
}

/** What a consumer entity reads; `GET /consumers/:kind/:namespace/:name/datasets`. @public */
export interface ConsumedDataset {
  dataset: DatasetSummary;
  constraint?: string;
  fields?: string[];
  /** For the next version of the dataset, if there is one. */
  verdict?: ConsumerVerdict;
}

/** A migration of which something changed. @public */
export type ChangedMigration = { migrationId: string; datasetRef: string };

/** The message of a signal on channel `dataset-migrations`. @public */
export type MigrationSignal = {
  type: 'migrations-updated';
  migrations: ChangedMigration[];
} & { [key: string]: JsonValue };
