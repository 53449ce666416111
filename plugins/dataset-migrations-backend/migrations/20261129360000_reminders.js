// @ts-check

/**
 * Consumers are reminded of a deadline that comes nearer. When they were told of it
 * last says which reminders are still to come, also after it was moved.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('migrations', table => {
    table
      .timestamp('deadline_told_at', { useTz: true })
      .comment(
        'When consumers were told of the deadline last: that it was set, or by a reminder',
      );
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('migrations', table => {
    table.dropColumn('deadline_told_at');
  });
};
