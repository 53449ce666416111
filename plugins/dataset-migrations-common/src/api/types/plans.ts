import { Change } from '../../changes/types';
import { ConsumerVerdict } from '../../compatibility/types';
import { Field } from '../../contracts/types';
import { MigrationStep, Policy, VersionBump } from '../../plan/types';

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
  /** Whether a change is graded breaking, accepted or not. */
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
