// @ts-check

/**
 * Thousands who follow a dataset are told in several requests: how far that came is
 * kept, so that another attempt goes on there. Who left the catalog is forgotten.
 *
 * Of deadlines that were set by releases without reminders it is not known when
 * consumers were told. They are not reminded of all of them by the upgrade itself.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deliveries', table => {
    table
      .text('told_to')
      .comment(
        'The last of those in order who have been told, where it is for many',
      );
  });
  await knex.schema.alterTable('dataset_followers', table => {
    table
      .timestamp('follower_gone_at', { useTz: true })
      .comment('Since when the user, who was there, is not in the catalog');
  });
  await knex('migrations')
    .whereNotNull('deadline')
    .whereNull('deadline_told_at')
    .update({ deadline_told_at: knex.fn.now() });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('dataset_followers', table => {
    table.dropColumn('follower_gone_at');
  });
  await knex.schema.alterTable('deliveries', table => {
    table.dropColumn('told_to');
  });
};
