import { CampaignDatasetState } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { PlannedDataset } from '../../../campaigns/types';
import { storableJson } from '../../../datasets/storableJson';

/** What becomes of a dataset of a campaign. */
export interface CampaignDatasetChange {
  datasetRef: string;
  state: CampaignDatasetState;
  reason?: string;
  title?: string;
  owner?: string;
  engine?: string;
  connection?: string;
  planned?: PlannedDataset;
  migrationId?: string;
  /** ISO 8601; it is not looked at before. */
  notBefore?: string;
}

/**
 * Changes many datasets with one statement. What a change does not have stays as
 * it is, but for reason and time.
 */
export async function writeCampaignDatasets(
  trx: Knex,
  campaignId: string,
  changes: CampaignDatasetChange[],
): Promise<void> {
  if (changes.length === 0) {
    return;
  }
  await trx.raw(
    `UPDATE campaign_datasets AS d SET
       state = c.state,
       reason = c.reason,
       not_before = c."notBefore",
       title = coalesce(c.title, d.title),
       owner = coalesce(c.owner, d.owner),
       engine = coalesce(c.engine, d.engine),
       connection = coalesce(c.connection, d.connection),
       planned = coalesce(c.planned, d.planned),
       migration_id = coalesce(c."migrationId", d.migration_id),
       started_at = CASE WHEN c.state = 'active' THEN now() ELSE d.started_at END,
       finished_at = CASE WHEN c.state = 'failed' THEN now() END
     FROM jsonb_to_recordset(?::jsonb) AS c (
       "datasetRef" text, state text, reason text, "notBefore" timestamptz,
       title text, owner text, engine text, connection text,
       planned jsonb, "migrationId" uuid
     )
     WHERE d.campaign_id = ? AND d.dataset_ref = c."datasetRef"`,
    [storableJson(changes), campaignId],
  );
}
