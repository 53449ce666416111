import { Knex } from 'knex';

/**
 * True of what was read of a source that nobody could look at for a day: it may be
 * otherwise by now.
 */
export const IS_STALE = `parsed.checked_at < now() - interval '1 day'`;

/** As a join it is looked up once for each dataset, not for each consumer. */
const MOVED = `
  LEFT JOIN LATERAL (
    SELECT max(finished_at) AS lineage_moved_at
    FROM migrations
    WHERE migrations.dataset_ref = consumers.dataset_ref
      AND migrations.state IN ('succeeded', 'rolled-back')
  ) AS moved ON true`;

/** What is known of the runs of a consumer's jobs, as columns of `LineageColumns`. */
const LINEAGE = {
  lineage_jobs: `
    SELECT json_agg(
      json_build_object(
        'job', jobs.job,
        'firstAt', jobs.first_at,
        'namedAt', jobs.named_at,
        'untoldAt', jobs.untold_at,
        'filtersAt', jobs.filters_at,
        'heard', (
          SELECT json_agg(json_build_array(lower(range), upper(range)))
          FROM unnest(times.heard) AS range
        )
      )
      ORDER BY jobs.job
    )
    FROM lineage_jobs AS jobs
    LEFT JOIN lineage_times AS times
      ON times.consumer_ref = jobs.consumer_ref AND times.job = jobs.job
    WHERE jobs.dataset_ref = consumers.dataset_ref
      AND jobs.consumer_ref = consumers.consumer_ref`,
  lineage_reads: `
    SELECT json_agg(
      json_build_array(field, job, (read_at AT TIME ZONE 'UTC')::date)
      ORDER BY field
    )
    FROM field_last_reads AS reads
    WHERE reads.dataset_ref = consumers.dataset_ref
      AND reads.consumer_ref = consumers.consumer_ref
      AND reads.read_at >= ?`,
};

/**
 * Adds what is known of their field use to a query of `consumers`: the columns of
 * `FieldUseColumns`. What was read of a source stays until its successor is read.
 *
 * @param silentSince - adds those of `LineageColumns`, with what was read since then
 */
export function joinFieldUse(
  knex: Knex,
  query: Knex.QueryBuilder,
  silentSince?: Date,
): Knex.QueryBuilder {
  if (silentSince) {
    query
      .joinRaw(MOVED)
      .select(
        'moved.lineage_moved_at',
        knex.raw(`(${LINEAGE.lineage_jobs}) AS lineage_jobs`),
        knex.raw(`(${LINEAGE.lineage_reads}) AS lineage_reads`, [silentSince]),
      );
  }
  const observed = `
    SELECT jsonb_agg(
      jsonb_build_object('job', job, 'at', event_time, 'fields', fields)
      ORDER BY event_time DESC
    )
    FROM observed_field_uses AS seen
    WHERE seen.dataset_ref = consumers.dataset_ref
      AND seen.consumer_ref = consumers.consumer_ref`;
  return query
    .leftJoin('parsed_field_uses AS parsed', join =>
      join
        .on('parsed.dataset_ref', 'consumers.dataset_ref')
        .andOn('parsed.consumer_ref', 'consumers.consumer_ref'),
    )
    .select('consumers.*', {
      parsed_url: 'parsed.source_url',
      parsed_etag: 'parsed.etag',
      parsed_uses: 'parsed.uses',
      parsed_unread: 'parsed.unread',
      parsed_complete: 'parsed.complete',
      parsed_problem: 'parsed.problem',
      parsed_checked_at: 'parsed.checked_at',
    })
    .select(
      knex.raw(`${IS_STALE} AS parsed_stale`),
      knex.raw(`(${observed}) AS observed`),
    );
}
