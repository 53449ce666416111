import {
  Campaign,
  CampaignDataset,
  CampaignEvent,
  CampaignSummary,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { CampaignCounts } from '../database/operations/campaigns/countCampaignDatasets';
import { campaignActionsFor } from './actOnCampaign';
import { CampaignDatasetRecord, CampaignRecord } from './types';
import { waveEnds } from './waves';

/** A row of a list. */
export function toApiCampaignSummary(
  record: CampaignRecord,
  counts: CampaignCounts,
  endedPerMinute: number | undefined,
): CampaignSummary {
  const { waves } = record.request;
  const planned = record.total - counts.pending - counts.excluded;
  const left = counts.waiting + counts.active;
  return {
    id: record.id,
    title: record.title,
    state: record.state,
    reason: record.reason,
    createdBy: record.createdBy,
    createdAt: record.createdAt.toISOString(),
    startedAt: record.startedAt?.toISOString(),
    finishedAt: record.finishedAt?.toISOString(),
    total: record.total,
    counts,
    ...(waves &&
      record.startedAt && {
        wave: {
          current: record.currentWave,
          count: waveEnds(waves, planned).length,
        },
      }),
    ...(record.state === 'running' &&
      endedPerMinute !== undefined && {
        endedPerMinute,
        secondsLeft: (left / endedPerMinute) * 60,
      }),
    opensAt: record.opensAt?.toISOString(),
  };
}

/** A campaign as the API shows it to who may do all that its state allows. */
export function toApiCampaign(
  record: CampaignRecord,
  counts: CampaignCounts,
  endedPerMinute: number | undefined,
  events: CampaignEvent[],
): Campaign {
  const { request } = record;
  return {
    ...toApiCampaignSummary(record, counts, endedPerMinute),
    description: record.description,
    selection: request.selection,
    targetVersion: request.targetVersion,
    policy: request.policy,
    limits: request.limits,
    waves: request.waves,
    windows: request.windows,
    stop: request.stop,
    timeoutMinutes: request.timeoutMinutes,
    autoStart: request.autoStart,
    ...(record.selectedAt && { dryRun: record.dryRun }),
    actions: campaignActionsFor(record, counts),
    events,
  };
}

/** A dataset of a campaign, with what goes before it. */
export function toApiCampaignDataset(
  record: CampaignDatasetRecord,
  upstreams: string[] = [],
): CampaignDataset {
  const { planned } = record;
  return {
    datasetRef: record.datasetRef,
    title: record.title ?? record.datasetRef,
    owner: record.owner,
    engine: record.engine,
    state: record.state,
    reason: record.reason,
    wave: record.wave,
    level: record.level,
    ...planned,
    blockedBy: planned?.blockedBy ?? [],
    upstreams,
    migrationId: record.migrationId,
    startedAt: record.startedAt?.toISOString(),
    finishedAt: record.finishedAt?.toISOString(),
  };
}
