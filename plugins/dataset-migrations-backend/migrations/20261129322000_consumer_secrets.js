// @ts-check

/**
 * The secret of a consumer is derived from a master key and a generation, so that it
 * can be replaced without those of all others. Consumers without a row are at 0.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('consumer_secrets', table => {
    table.comment('Consumers whose webhook secret was replaced; no secrets');
    table.text('consumer_ref').primary();
    table.integer('generation').notNullable();
    table.timestamp('raised_at', { useTz: true }).notNullable();
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('consumer_secrets');
};
