// @ts-check

// The queue's tables are in a schema of their own, which the queue makes when it
// is first started.
const eligibleBacklog = `
CREATE FUNCTION dataset_migrations_eligible_backlog(
  queue_schema text DEFAULT 'dataset_migrations_boss'
) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
  jobs integer := 0;
  datasets integer;
BEGIN
  SELECT coalesce(sum(dispatchable), 0) INTO datasets
  FROM campaigns WHERE state = 'running';
  IF to_regclass(format('%I.job', queue_schema)) IS NOT NULL THEN
    EXECUTE format(
      $query$SELECT count(*) FROM %I.job
      WHERE name LIKE 'dataset-migrations%%' AND name NOT LIKE '%%-dead'
        AND state IN ('created', 'retry') AND start_after <= now()$query$,
      queue_schema
    ) INTO jobs;
  END IF;
  RETURN jobs + datasets;
END
$$`;

/**
 * What the fleet scales on, for scalers that ask PostgreSQL: jobs that are due,
 * and datasets that campaigns could start now.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(eligibleBacklog);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('DROP FUNCTION dataset_migrations_eligible_backlog(text)');
};
