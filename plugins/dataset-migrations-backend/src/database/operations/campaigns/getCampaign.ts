import { NotFoundError } from '@backstage/errors';
import { Knex } from 'knex';
import { UUID } from '../../../api/cursors';
import { CampaignRecord } from '../../../campaigns/types';
import { fromCampaignRow } from '../../CampaignRow';

/**
 * @param options.lock - holds the row until the transaction ends: `update` for who
 *   changes it, `share` for who must not see it change meanwhile
 * @throws NotFoundError
 */
export async function getCampaign(
  knex: Knex,
  id: string,
  options: { lock?: 'update' | 'share' } = {},
): Promise<CampaignRecord> {
  const query = knex('campaigns').where({ id }).first();
  if (options.lock === 'update') {
    query.forUpdate();
  } else if (options.lock === 'share') {
    query.forShare();
  }
  const row = UUID.test(id) ? await query : undefined;
  if (!row) {
    throw new NotFoundError(`There is no campaign '${id}'`);
  }
  return fromCampaignRow(row);
}
