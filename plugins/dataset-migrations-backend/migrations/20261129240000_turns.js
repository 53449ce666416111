// @ts-check

/**
 * What every process could do, but one in a while is enough: who takes the turn
 * writes down when. A turn needs nobody who is alive all the time, so a process
 * that stands still holds up none but its own.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('turns', table => {
    table.text('name').primary();
    table
      .timestamp('taken_at', { useTz: true })
      .notNullable()
      .comment('When a process did it last');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('turns');
};
