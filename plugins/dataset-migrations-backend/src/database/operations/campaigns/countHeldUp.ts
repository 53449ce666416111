import { Knex } from 'knex';
import { BREAKING_CHANGE } from '../../../planning/judge';

/** Blocked migrations of a campaign, by what holds them up. */
export interface HeldUp {
  /** Somebody would break. */
  byConsumers: number;
  /** Nobody would; they wait for their windows, or for who may let them go on. */
  otherwise: number;
}

export async function countHeldUp(
  knex: Knex,
  campaignId: string,
): Promise<HeldUp> {
  const { rows } = await knex.raw(
    `SELECT
       count(*) FILTER (WHERE error ->> 'name' = :breaking)::int AS by_consumers,
       count(*) FILTER (WHERE error ->> 'name' IS DISTINCT FROM :breaking)::int AS otherwise
     FROM migrations
     WHERE campaign_id = :campaignId AND state = 'blocked'`,
    { breaking: BREAKING_CHANGE, campaignId },
  );
  return { byConsumers: rows[0].by_consumers, otherwise: rows[0].otherwise };
}
