import { Knex } from 'knex';

/**
 * Adds what is known of their field use to a query of `consumers`: the columns of
 * `FieldUseColumns`. A consumer that moved its source has what is read of it anew.
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
        .andOn('parsed.consumer_ref', 'consumers.consumer_ref')
        .andOn('parsed.source_url', 'consumers.source_url'),
    )
    .select('consumers.*', {
      parsed_uses: 'parsed.uses',
      parsed_unread: 'parsed.unread',
    })
    .select(
      knex.raw(
        `CASE WHEN parsed.etag IS NULL THEN parsed.problem END AS parsed_problem`,
      ),
      knex.raw(`(${observed}) AS observed`),
    );
}
