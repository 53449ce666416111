import {
  AcceptedChange,
  ChangeEffect,
  CompatibilityRuleId,
} from '@skein/backstage-plugin-dataset-migrations-common';

/** A row of `accepted_changes`. */
export interface AcceptedChangeRow {
  id: string;
  dataset_ref: string;
  from_version: string;
  to_version: string;
  rule: CompatibilityRuleId;
  object: string | null;
  field: string | null;
  summary: string;
  effect: ChangeEffect;
  reason: string;
  accepted_by: string;
  created_at: Date;
  withdrawn_by: string | null;
  withdrawn_at: Date | null;
}

export function fromAcceptedChangeRow(row: AcceptedChangeRow): AcceptedChange {
  return {
    id: row.id,
    datasetRef: row.dataset_ref,
    fromVersion: row.from_version,
    toVersion: row.to_version,
    rule: row.rule,
    object: row.object ?? undefined,
    field: row.field ?? undefined,
    summary: row.summary,
    effect: row.effect,
    reason: row.reason,
    by: row.accepted_by,
    at: row.created_at.toISOString(),
    withdrawnBy: row.withdrawn_by ?? undefined,
    withdrawnAt: row.withdrawn_at?.toISOString(),
  };
}
