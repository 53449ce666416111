// @ts-check

/**
 * What waited and what ended, every ten seconds of the last days: for charts.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('queue_samples', table => {
    table.comment('The queue every ten seconds, for seven days');
    table
      .timestamp('at', { useTz: true })
      .primary()
      .comment('Begin of its ten seconds');
    table.integer('depth').notNullable();
    table.integer('eligible_backlog').notNullable();
    table.double('oldest_age_seconds').notNullable();
    table.integer('running').notNullable();
    table.integer('workers_alive').notNullable();
    table
      .integer('succeeded')
      .notNullable()
      .comment('Migrations that ended since the sample before');
    table.integer('failed').notNullable();
  });
  await knex.raw(
    'CREATE INDEX migrations_finished_at_idx ON migrations (finished_at) WHERE finished_at IS NOT NULL',
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('DROP INDEX migrations_finished_at_idx');
  await knex.schema.dropTable('queue_samples');
};
