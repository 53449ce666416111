import {
  MigrationEvent,
  Stage,
  StageRecord,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';

/** What became of a stage: it was begun, or it ended, or both. */
export interface StageTurn {
  stage: Stage;
  /**
   * How many seconds ago it was begun. A run after a failure or a block counts as
   * another attempt; a later slice of a run that goes on changes nothing.
   */
  begunAgo?: number;
  /** How it ended, and how many seconds ago; one that does not run stays as it is. */
  ended?: { state: Exclude<StageRecord['state'], 'running'>; ago: number };
}

/** A line of the migration's log. */
export interface StageLine
  extends Pick<MigrationEvent, 'level' | 'message' | 'stage'> {
  /** How many seconds ago it was said. */
  ago: number;
  /** Said only if `stage` is begun by this, and did not run before. */
  ofBeginning?: boolean;
}

/**
 * Writes what became of stages, each at most once, and the lines of the log that go
 * with it, in their order. One statement, as every migration does it for every stage.
 * The caller's transaction holds the migration's row; see `appendEvent`.
 *
 * @returns of those that ended, the seconds since their first slice
 */
export async function writeTurns(
  trx: Knex.Transaction,
  migrationId: string,
  { turns, lines }: { turns: StageTurn[]; lines: StageLine[] },
): Promise<Array<{ stage: Stage; seconds: number }>> {
  if (turns.length + lines.length === 0) {
    return [];
  }
  const { rows } = await trx.raw(
    // Not now(): the transaction may have waited since its begin.
    `WITH clock AS MATERIALIZED (
       SELECT clock_timestamp() AS time
     ), turns AS (
       SELECT turn.*, stage.state = 'running' AS was_running
       FROM unnest(:stages::text[], :begun::float8[], :states::text[], :ended::float8[])
         AS turn (stage, begun_ago, ended_as, ended_ago)
       JOIN migration_stages AS stage
         ON stage.migration_id = :migrationId AND stage.stage = turn.stage
     ), turned AS (
       UPDATE migration_stages AS stage SET
         state = coalesce(turn.ended_as, 'running'),
         started_at = CASE WHEN was_running THEN stage.started_at
           ELSE clock.time - make_interval(secs => turn.begun_ago) END,
         finished_at = clock.time - make_interval(secs => turn.ended_ago),
         attempts = stage.attempts + (NOT was_running)::int
       FROM turns AS turn, clock
       WHERE stage.migration_id = :migrationId AND stage.stage = turn.stage
         AND (was_running OR turn.begun_ago IS NOT NULL)
         AND NOT (was_running AND turn.ended_as IS NULL)
       RETURNING stage.stage, stage.state,
         extract(epoch FROM stage.finished_at - stage.started_at)::float8 AS seconds
     ), said AS (
       INSERT INTO migration_events (migration_id, at, level, stage, message)
       SELECT :migrationId, clock.time - make_interval(secs => line.ago), line.level, line.stage, line.message
       FROM clock, unnest(:said::float8[], :levels::text[], :about::text[], :messages::text[], :ofBeginnings::bool[])
         WITH ORDINALITY AS line (ago, level, stage, message, of_beginning, place)
       WHERE NOT line.of_beginning OR EXISTS (
         SELECT FROM turns WHERE turns.stage = line.stage AND NOT was_running)
       ORDER BY place
     )
     SELECT stage, seconds FROM turned WHERE state <> 'running'`,
    {
      migrationId,
      stages: turns.map(({ stage }) => stage),
      begun: turns.map(({ begunAgo }) => begunAgo ?? null),
      states: turns.map(({ ended }) => ended?.state ?? null),
      ended: turns.map(({ ended }) => ended?.ago ?? null),
      said: lines.map(({ ago }) => ago),
      levels: lines.map(({ level }) => level),
      about: lines.map(({ stage }) => stage ?? null),
      messages: lines.map(({ message }) => message),
      ofBeginnings: lines.map(({ ofBeginning }) => ofBeginning ?? false),
    },
  );
  return rows;
}
