// @ts-check

/**
 * How grave the changes are that are ahead of a dataset, for the permission rule
 * `HAS_SEVERITY`. Datasets are read anew once, to fill it; until then they count as
 * what most policies allow least.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('datasets', table => {
    table
      .text('severity')
      .comment(
        'breaking, risky or compatible: the gravest change on the way to a later version; null without a current version',
      );
    table.check(
      `severity IN ('breaking', 'risky', 'compatible')`,
      {},
      'datasets_severity_check',
    );
  });
  await knex('datasets').update({ severity: 'breaking', content_hash: '' });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('datasets', table => {
    table.dropColumn('severity');
  });
};
