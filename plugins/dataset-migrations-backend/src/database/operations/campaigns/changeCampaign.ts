import { CampaignState } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { CampaignRecord } from '../../../campaigns/types';
import { fromCampaignRow } from '../../CampaignRow';

/** A field set to null is cleared; one that is absent stays as it is. */
export interface CampaignPatch {
  state?: CampaignState;
  reason?: string | null;
  initiator?: CampaignRecord['initiator'];
  total?: number;
  selectedAt?: Date;
  dryRun?: CampaignRecord['dryRun'];
  currentWave?: number;
  accepted?: CampaignRecord['accepted'];
  dispatchable?: number;
  toldBlocked?: boolean;
  opensAt?: Date | null;
  startedAt?: Date;
  finishedAt?: Date | null;
  /** Counts that owners are told of it once more. */
  tells?: boolean;
}

/**
 * Changes a campaign that is still in the state in which the caller read it.
 *
 * @returns undefined when somebody brought it into another state since
 */
export async function changeCampaign(
  knex: Knex,
  { id, state }: Pick<CampaignRecord, 'id' | 'state'>,
  patch: CampaignPatch,
): Promise<CampaignRecord | undefined> {
  const json = (value: object | undefined) => value && JSON.stringify(value);
  const [row] = await knex('campaigns')
    .where({ id, state })
    .update({
      state: patch.state ?? state,
      reason: patch.reason,
      initiator: json(patch.initiator),
      total: patch.total,
      selected_at: patch.selectedAt,
      dry_run: json(patch.dryRun),
      current_wave: patch.currentWave,
      accepted: json(patch.accepted),
      dispatchable: patch.dispatchable,
      told_blocked: patch.toldBlocked,
      opens_at: patch.opensAt,
      started_at: patch.startedAt,
      finished_at: patch.finishedAt,
      times_told: patch.tells ? knex.raw('times_told + 1') : undefined,
    })
    .returning('*');
  return row && fromCampaignRow(row);
}
