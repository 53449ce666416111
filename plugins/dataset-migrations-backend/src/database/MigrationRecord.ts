import {
  ConsumerVerdict,
  Contract,
  EnginePlanSummary,
  MigrationError,
  MigrationPlan,
  MigrationState,
  Policy,
  Stage,
  TransformProgress,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Location } from '@skein/backstage-plugin-dataset-migrations-node';
import { Initiator } from '../permissions/initiators';

/** A permitted person's decision to go on although consumers would break. */
export interface Override {
  by: string;
  reason: string;
  /** ISO 8601. */
  at: string;
  /** Whom it covers; one that appears later blocks again (G6). */
  consumers: string[];
  /**
   * The `concernsId` of each of them, by entity ref: who would lose something else
   * blocks again. Overrides of earlier releases have none, and cover nobody any more.
   */
  concernsIds?: Record<string, string>;
}

/** A row of `migrations`. */
export interface MigrationRecord {
  id: string;
  /** The campaign that started it. */
  campaignId?: string;
  datasetRef: string;
  locationKey: string;
  location: Location;
  /** Those of the other objects of the contract, where it has several. */
  furtherLocations?: Location[];
  fromVersion: string;
  toVersion: string;
  policy: Policy;
  state: MigrationState;
  stage?: Stage;
  /** Grows with every job of it; a job with another number is an old one. */
  sequence: number;
  startedBy: string;
  initiator?: Initiator;
  idempotencyKey?: string;
  requestHash?: string;
  sourceContract: Contract;
  targetContract: Contract;
  plan: MigrationPlan;
  enginePlan?: EnginePlanSummary;
  verdicts?: ConsumerVerdict[];
  progress?: TransformProgress;
  verification?: VerificationReport;
  override?: Override;
  error?: MigrationError;
  /** Token of the lease it holds or held last; absent before the lock. */
  fence?: number;
  /** Until when consumers are asked to be ready. */
  deadline?: Date;
  /** Before then the old version does not retire. */
  retirement?: Date;
  /** How often something was told of it that no job of it brought about. */
  timesTold: number;
  oldVersionState?: 'coexisting' | 'retired';
  rollbackUntil?: Date;
  cleanedUpAt?: Date;
  /**
   * Since then there are no contracts, mapping and verdicts of it, and nothing
   * can be done with it.
   */
  evidenceRemovedAt?: Date;
  createdAt: Date;
  startedAt?: Date;
  finishedAt?: Date;
}

type Kind = 'scalar' | 'json' | 'bigint';

const columns: Record<keyof MigrationRecord, { column: string; kind: Kind }> = {
  id: { column: 'id', kind: 'scalar' },
  campaignId: { column: 'campaign_id', kind: 'scalar' },
  datasetRef: { column: 'dataset_ref', kind: 'scalar' },
  locationKey: { column: 'location_key', kind: 'scalar' },
  location: { column: 'location', kind: 'json' },
  furtherLocations: { column: 'further_locations', kind: 'json' },
  fromVersion: { column: 'from_version', kind: 'scalar' },
  toVersion: { column: 'to_version', kind: 'scalar' },
  policy: { column: 'policy', kind: 'scalar' },
  state: { column: 'state', kind: 'scalar' },
  stage: { column: 'stage', kind: 'scalar' },
  sequence: { column: 'sequence', kind: 'bigint' },
  startedBy: { column: 'started_by', kind: 'scalar' },
  initiator: { column: 'initiator', kind: 'json' },
  idempotencyKey: { column: 'idempotency_key', kind: 'scalar' },
  requestHash: { column: 'request_hash', kind: 'scalar' },
  sourceContract: { column: 'source_contract', kind: 'json' },
  targetContract: { column: 'target_contract', kind: 'json' },
  plan: { column: 'plan', kind: 'json' },
  enginePlan: { column: 'engine_plan', kind: 'json' },
  verdicts: { column: 'verdicts', kind: 'json' },
  progress: { column: 'progress', kind: 'json' },
  verification: { column: 'verification', kind: 'json' },
  override: { column: 'override', kind: 'json' },
  error: { column: 'error', kind: 'json' },
  fence: { column: 'fence', kind: 'bigint' },
  deadline: { column: 'deadline', kind: 'scalar' },
  retirement: { column: 'retirement', kind: 'scalar' },
  timesTold: { column: 'times_told', kind: 'scalar' },
  oldVersionState: { column: 'old_version_state', kind: 'scalar' },
  rollbackUntil: { column: 'rollback_until', kind: 'scalar' },
  cleanedUpAt: { column: 'cleaned_up_at', kind: 'scalar' },
  evidenceRemovedAt: { column: 'evidence_removed_at', kind: 'scalar' },
  createdAt: { column: 'created_at', kind: 'scalar' },
  startedAt: { column: 'started_at', kind: 'scalar' },
  finishedAt: { column: 'finished_at', kind: 'scalar' },
};

/** A field set to null is cleared; one that is absent stays as it is. */
export type MigrationPatch = {
  [K in keyof MigrationRecord]?: MigrationRecord[K] | null;
};

/** A migration with a patch, as if that had been written. */
export function changedRecord(
  record: MigrationRecord,
  patch: MigrationPatch,
): MigrationRecord {
  const changed: Record<string, unknown> = { ...record };
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) {
      delete changed[field];
    } else if (value !== undefined) {
      changed[field] = value;
    }
  }
  return changed as unknown as MigrationRecord;
}

export function fromMigrationRow(row: Record<string, any>): MigrationRecord {
  const record: Record<string, unknown> = {};
  for (const [field, { column, kind }] of Object.entries(columns)) {
    const value = row[column];
    if (value !== null && value !== undefined) {
      record[field] = kind === 'bigint' ? Number(value) : value;
    }
  }
  return record as unknown as MigrationRecord;
}

export function toMigrationColumns(
  patch: MigrationPatch,
): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === undefined) {
      continue;
    }
    const { column, kind } = columns[field as keyof MigrationRecord];
    // The driver would make a PostgreSQL array of a JSON one.
    row[column] =
      kind === 'json' && value !== null ? JSON.stringify(value) : value;
  }
  return row;
}
