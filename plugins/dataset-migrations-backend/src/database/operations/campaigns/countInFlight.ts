import { Knex } from 'knex';
import { Fleet } from '../../../telemetry/Workers';

/**
 * Migrations in flight of all campaigns, those that are paused and those that have ended
 * included. What no worker alive takes a job of is not counted: it waits for a storage
 * that is gone, and leaves its place to others meanwhile.
 */
export async function countInFlight(
  knex: Knex,
  { engines }: Fleet,
): Promise<number> {
  const inFlight = knex('campaign_datasets').where({ state: 'active' });
  if (engines) {
    inFlight.whereRaw('(engine IS NULL OR engine = any(?))', [engines]);
  }
  const [{ count }] = await inFlight.count({ count: '*' });
  return Number(count);
}
