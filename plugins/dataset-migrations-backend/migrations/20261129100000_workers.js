// @ts-check

/**
 * What a worker is about, for people: whether it stops, whose data it reaches,
 * and its release. Those of an earlier release leave the columns as they are.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('workers', table => {
    table
      .text('state')
      .notNullable()
      .defaultTo('working')
      .comment('working or draining');
    table
      .specificType('engines', 'text[]')
      .comment('Engines whose jobs it takes, null for an earlier release');
    table.text('version').comment('Release of the plugin');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('workers', table => {
    table.dropColumns('state', 'engines', 'version');
  });
};
