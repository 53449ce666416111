import { Knex } from 'knex';
import { UUID } from '../api/cursors';
import { JobPayload } from '../queue/types';

/**
 * The engine that holds the data of a job; undefined when it is about none, or
 * about something that is not there.
 */
export async function engineOf(
  knex: Knex,
  payload: JobPayload,
): Promise<string | undefined> {
  if (payload.task === 'advance' && UUID.test(payload.migrationId)) {
    const row = await knex('migrations')
      .where({ id: payload.migrationId })
      .first(knex.raw(`location->>'engine' AS engine`));
    return row?.engine ?? undefined;
  }
  if (payload.task === 'preflight' && UUID.test(payload.preflightId)) {
    const row = await knex('preflights')
      .join('datasets', 'datasets.entity_ref', 'preflights.dataset_ref')
      .where({ 'preflights.id': payload.preflightId })
      .first('datasets.engine');
    return row?.engine ?? undefined;
  }
  return undefined;
}
