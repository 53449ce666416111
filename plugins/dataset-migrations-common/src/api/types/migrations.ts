import { JsonObject, JsonValue } from '@backstage/types';
import { Change } from '../../changes/types';
import { ConsumerVerdict } from '../../compatibility/types';
import { MigrationStep, Policy } from '../../plan/types';
import { MigrationState, Stage } from '../../states/types';
import { EnginePlanSummary } from './plans';
import { VerificationReport } from './verification';

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
  override?: {
    by: string;
    reason: string;
    at: string;
    /**
     * Entity refs of the consumers that would break and that it covers: those that it
     * was given for, as long as each loses the same.
     */
    covers: string[];
  };
  /** Until when its owner asks consumers to be ready. */
  deadline?: string;
  /** Before then the old version does not retire. */
  retirement?: string;
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

/** Filters of `GET /migrations`. @public */
export interface ListMigrationsRequest {
  datasetRef?: string;
  /** Part of the dataset's entity ref. */
  search?: string;
  campaignId?: string;
  state?: MigrationState[];
  startedBy?: string;
  /**
   * Entity ref of the owner of consumers: those that wait for their consumers, of
   * datasets that entities of this owner read.
   */
  consumerOwner?: string;
  cursor?: string;
  limit?: number;
}

/** A migration of which something changed. @public */
export type ChangedMigration = { migrationId: string; datasetRef: string };

/** The message of a signal on channel `dataset-migrations`. @public */
export type MigrationSignal = {
  type: 'migrations-updated';
  migrations: ChangedMigration[];
} & { [key: string]: JsonValue };
