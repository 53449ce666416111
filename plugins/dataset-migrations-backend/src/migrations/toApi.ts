import {
  Migration,
  MigrationSummary,
  StageRecord,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { MigrationRecord } from '../database/MigrationRecord';
import { coveredBy } from '../planning/judge';
import { actionsFor } from './actionsFor';

/** A row of a list. */
export function toApiSummary(record: MigrationRecord): MigrationSummary {
  return {
    id: record.id,
    campaignId: record.campaignId,
    datasetRef: record.datasetRef,
    fromVersion: record.fromVersion,
    toVersion: record.toVersion,
    policy: record.policy,
    state: record.state,
    stage: record.stage,
    startedBy: record.startedBy,
    createdAt: record.createdAt.toISOString(),
    startedAt: record.startedAt?.toISOString(),
    finishedAt: record.finishedAt?.toISOString(),
    progress: record.progress,
    error: record.error,
  };
}

/** A migration as the API shows it to who may do all that its state allows. */
export function toApi(
  record: MigrationRecord,
  stages: StageRecord[],
): Migration {
  const { override } = record;
  const isCovered = coveredBy(override);
  return {
    ...toApiSummary(record),
    stages,
    steps: record.plan.steps,
    changes: record.plan.changes,
    consumers: record.verdicts ?? [],
    enginePlan: record.enginePlan,
    verification: record.verification,
    override: override && {
      by: override.by,
      reason: override.reason,
      at: override.at,
      covers: (record.verdicts ?? [])
        .filter(verdict => verdict.blocking && isCovered(verdict))
        .map(({ consumer }) => consumer.entityRef),
    },
    deadline: record.deadline?.toISOString(),
    retirement: record.retirement?.toISOString(),
    actions: actionsFor(record),
    rollbackUntil: record.rollbackUntil?.toISOString(),
    oldVersionState: record.oldVersionState,
    evidenceRemovedAt: record.evidenceRemovedAt?.toISOString(),
  };
}
