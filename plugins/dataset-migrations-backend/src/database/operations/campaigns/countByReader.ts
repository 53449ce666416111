import { Knex } from 'knex';

/** What of a campaign an owner of consumers is told. */
export interface ReadDatasets {
  /** Datasets that entities of the owner read, and others own, that succeeded. */
  changed: number;
  /** Whether there are more than the owner was told of. */
  isNews: boolean;
}

/** Of each owner of consumers that read something which succeeded in a campaign. */
export async function countByReader(
  knex: Knex,
  campaignId: string,
): Promise<Map<string, ReadDatasets>> {
  const { rows } = await knex.raw(
    `SELECT read.owner, read.changed, read.changed > coalesce((
       SELECT max((told.body -> 'data' ->> 'changed')::int)
       FROM deliveries AS told
       WHERE told.campaign_id = ? AND told.consumer_ref = read.owner
     ), 0) AS is_news
     FROM (
       SELECT consumers.owner, count(DISTINCT d.dataset_ref)::int AS changed
       FROM campaign_datasets AS d
       JOIN consumers ON consumers.dataset_ref = d.dataset_ref
       LEFT JOIN datasets ON datasets.entity_ref = d.dataset_ref
       WHERE d.campaign_id = ? AND d.state = 'succeeded'
         AND consumers.owner <> coalesce(datasets.owner, d.owner, '')
       GROUP BY consumers.owner
     ) AS read
     ORDER BY read.owner`,
    [campaignId, campaignId],
  );
  return new Map(
    rows.map((row: { owner: string; changed: number; is_news: boolean }) => [
      row.owner,
      { changed: row.changed, isNews: row.is_news },
    ]),
  );
}
