// @ts-check

/**
 * People follow a dataset without reading it: they are told how its migrations go.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('dataset_followers', table => {
    table.comment('Who wants to hear of a dataset');
    table.text('dataset_ref').notNullable();
    table.text('follower_ref').notNullable().comment('Entity ref of a user');
    table
      .jsonb('decision')
      .notNullable()
      .comment('What allowed to read the dataset then, to be judged again');
    table
      .jsonb('groups')
      .comment('Of the user then; null when the catalog did not know the user');
    table
      .timestamp('followed_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table
      .timestamp('dataset_gone_at', { useTz: true })
      .comment('Since when the dataset is not in the catalog');
    table.primary(['dataset_ref', 'follower_ref'], {
      constraintName: 'dataset_followers_pk',
    });
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('dataset_followers');
};
