import { Knex } from 'knex';
import { Fleet } from '../../../telemetry/Workers';

/**
 * Gives the datasets of a campaign that wait for a worker which takes jobs of their
 * engine that for a reason, and takes it from those that wait for none any more.
 */
export async function sayOutOfReach(
  knex: Knex,
  campaignId: string,
  { slots, engines }: Fleet,
): Promise<void> {
  // Nobody at all works, which is said elsewhere, and may be meant.
  if (slots === 0) {
    return;
  }
  await knex.raw(
    `UPDATE campaign_datasets
     SET reason = CASE WHEN engine <> all(:engines::text[]) THEN :waitsFor || engine END
     WHERE campaign_id = :campaignId AND state = 'waiting' AND engine IS NOT NULL
       AND CASE WHEN engine <> all(:engines::text[])
         -- Another reason holds until its time.
         THEN reason IS NULL
           OR reason <> :waitsFor || engine AND not_before <= now()
         ELSE reason = :waitsFor || engine END`,
    {
      campaignId,
      engines: engines ?? null,
      waitsFor: 'No worker that is alive takes jobs of ',
    },
  );
}
