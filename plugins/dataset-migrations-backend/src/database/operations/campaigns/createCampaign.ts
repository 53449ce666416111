import { ConflictError } from '@backstage/errors';
import { Knex } from 'knex';
import { CampaignRecord } from '../../../campaigns/types';
import { fromCampaignRow } from '../../CampaignRow';

export type NewCampaign = Pick<
  CampaignRecord,
  'id' | 'title' | 'description' | 'createdBy' | 'initiator' | 'request'
> & { idempotencyKey?: string; requestHash: string };

/**
 * Writes a campaign whose datasets are yet to be selected, unless its
 * idempotency key says that it is there already.
 *
 * @returns `created` false for a campaign that an earlier, equal request made
 * @throws ConflictError when the key was used for another request
 */
export async function createCampaign(
  trx: Knex.Transaction,
  campaign: NewCampaign,
): Promise<{ record: CampaignRecord; created: boolean }> {
  const [row] = await trx('campaigns')
    .insert({
      id: campaign.id,
      title: campaign.title,
      description: campaign.description ?? null,
      state: 'planning',
      created_by: campaign.createdBy,
      initiator: JSON.stringify(campaign.initiator),
      idempotency_key: campaign.idempotencyKey ?? null,
      request_hash: campaign.requestHash,
      request: JSON.stringify(campaign.request),
    })
    .onConflict()
    .ignore()
    .returning('*');
  if (row) {
    return { record: fromCampaignRow(row), created: true };
  }
  const earlier = await trx('campaigns')
    .where({
      created_by: campaign.createdBy,
      idempotency_key: campaign.idempotencyKey,
    })
    .first();
  if (earlier?.request_hash !== campaign.requestHash) {
    throw new ConflictError(
      `The idempotency key '${campaign.idempotencyKey}' was used for another request`,
    );
  }
  return { record: fromCampaignRow(earlier), created: false };
}
