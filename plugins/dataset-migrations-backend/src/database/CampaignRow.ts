import { CampaignDatasetRecord, CampaignRecord } from '../campaigns/types';

type Row = Record<string, any>;

/** A row of `campaigns`, as it is stored. */
export function fromCampaignRow(row: Row): CampaignRecord {
  return {
    id: row.id,
    title: row.title,
    description: row.description ?? undefined,
    state: row.state,
    reason: row.reason ?? undefined,
    createdBy: row.created_by,
    initiator: row.initiator,
    request: row.request,
    total: row.total,
    selectedAt: row.selected_at ?? undefined,
    dryRun: row.dry_run ?? undefined,
    currentWave: row.current_wave,
    accepted: row.accepted ?? undefined,
    dispatchable: row.dispatchable,
    toldBlocked: row.told_blocked,
    opensAt: row.opens_at ?? undefined,
    createdAt: row.created_at,
    timesTold: row.times_told,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
  };
}

/** A row of `campaign_datasets`, as it is stored. */
export function fromCampaignDatasetRow(row: Row): CampaignDatasetRecord {
  return {
    datasetRef: row.dataset_ref,
    position: row.position,
    level: row.level,
    wave: row.wave ?? undefined,
    state: row.state,
    reason: row.reason ?? undefined,
    title: row.title ?? undefined,
    owner: row.owner ?? undefined,
    engine: row.engine ?? undefined,
    connection: row.connection ?? undefined,
    planned: row.planned ?? undefined,
    migrationId: row.migration_id ?? undefined,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
  };
}
