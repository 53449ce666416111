// @ts-check

/**
 * Something may be told of a migration that none of its jobs brought about: that its
 * dates were set, or that somebody asks for more time. It is not told apart by the
 * number of the job, then, but by how often that was.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('migrations', table => {
    table
      .integer('times_told')
      .notNullable()
      .defaultTo(0)
      .comment('How often something was told of it that no job brought about');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('migrations', table => {
    table.dropColumn('times_told');
  });
};
