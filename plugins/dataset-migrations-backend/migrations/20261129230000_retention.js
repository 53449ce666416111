// @ts-check

/**
 * What is old is removed by a scheduled task, which looks for it by indexes:
 * migrations have theirs since the history of the queue. The one of events is
 * small and costs next to nothing when they are written, as they come in the
 * order of time.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('migrations', table => {
    table
      .timestamp('evidence_removed_at', { useTz: true })
      .comment(
        'When contracts, mapping, verdicts and the details of the verification were removed; nothing can be done with it since',
      );
  });
  await knex.raw(
    'CREATE INDEX migration_events_at_idx ON migration_events USING brin (at)',
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('DROP INDEX migration_events_at_idx');
  await knex.schema.alterTable('migrations', table => {
    table.dropColumn('evidence_removed_at');
  });
};
