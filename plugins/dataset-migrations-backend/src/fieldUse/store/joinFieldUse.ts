import { Knex } from 'knex';

/**
 * True of what was read of a source that nobody could look at for a day: it may be
 * otherwise by now.
 */
export const IS_STALE = `parsed.checked_at < now() - interval '1 day'`;

/**
 * Adds what is known of their field use to a query of `consumers`: the columns of
 * `FieldUseColumns`. What was read of a source stays until its successor is read.
 */
export function joinFieldUse(
  knex: Knex,
  query: Knex.QueryBuilder,
): Knex.QueryBuilder {
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
