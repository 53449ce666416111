import {
  MigrationEvent,
  Stage,
  StageRecord,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';

/**
 * Ends a stage, begins another one, and writes a line of the migration's log on
 * each, or any of these. One statement, as every migration does it for every
 * stage. The caller's transaction holds the migration's row; see `appendEvent`.
 *
 * @param turn.ended - the stage whose run is over, and how; one that does not run
 *   stays as it is
 * @param turn.event - what is said before the start of `begun`
 * @param turn.begun - a run after a failure or a block counts as another attempt; a
 *   later slice of a run that goes on changes nothing
 * @returns seconds since the first slice of `ended`; undefined when it did not run
 */
export async function turnStages(
  trx: Knex.Transaction,
  migrationId: string,
  turn: {
    ended?: { stage: Stage; state: Exclude<StageRecord['state'], 'running'> };
    event?: Pick<MigrationEvent, 'level' | 'message' | 'stage'>;
    begun?: Stage;
  },
): Promise<number | undefined> {
  const { ended, event, begun } = turn;
  if (!ended && !event && !begun) {
    return undefined;
  }
  const { rows } = await trx.raw(
    `WITH ended AS (
       UPDATE migration_stages SET state = :state, finished_at = now()
       WHERE migration_id = :migrationId AND stage = :ended AND state = 'running'
       RETURNING extract(epoch FROM finished_at - started_at)::float8 AS seconds
     ), begun AS (
       UPDATE migration_stages
       SET state = 'running', started_at = now(), finished_at = NULL, attempts = attempts + 1
       WHERE migration_id = :migrationId AND stage = :begun AND state <> 'running'
       RETURNING stage
     ), said AS (
       INSERT INTO migration_events (migration_id, level, stage, message)
       SELECT :migrationId, level, stage, message
       FROM (
         SELECT 1 AS place, :level::text AS level, :stage::text AS stage, :message::text AS message
         UNION ALL SELECT 2, 'info', stage, 'Started' FROM begun
       ) AS lines
       WHERE message IS NOT NULL
       ORDER BY place
     )
     SELECT seconds FROM ended`,
    {
      migrationId,
      ended: ended?.stage ?? null,
      state: ended?.state ?? null,
      begun: begun ?? null,
      level: event?.level ?? null,
      stage: event?.stage ?? null,
      message: event?.message ?? null,
    },
  );
  return rows[0]?.seconds ?? undefined;
}
