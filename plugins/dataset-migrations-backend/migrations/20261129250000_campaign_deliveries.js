// @ts-check

/**
 * A notification may tell of a campaign instead of one migration: its owners are
 * told once how it ended, and not of every dataset that succeeded.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('campaigns', table => {
    table
      .integer('times_told')
      .notNullable()
      .defaultTo(0)
      .comment(
        'How often owners were told of it: it may be retried, and end again',
      );
  });
  await knex.schema.alterTable('deliveries', table => {
    table.setNullable('migration_id');
    table.setNullable('dataset_ref');
    table
      .uuid('campaign_id')
      .references('id')
      .inTable('campaigns')
      .onDelete('CASCADE')
      .comment('What it tells of, where that is no migration');
    table.check(
      'num_nonnulls(campaign_id, migration_id) = 1 AND num_nonnulls(campaign_id, dataset_ref) = 1',
      {},
      'deliveries_subject_check',
    );
  });
  await knex.raw(
    `CREATE UNIQUE INDEX deliveries_of_campaign_once_uniq
     ON deliveries (campaign_id, consumer_ref, kind, event_type, occurrence)
     WHERE campaign_id IS NOT NULL`,
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex('deliveries').whereNotNull('campaign_id').delete();
  await knex.schema.alterTable('deliveries', table => {
    table.dropChecks(['deliveries_subject_check']);
    table.dropColumn('campaign_id');
    table.dropNullable('dataset_ref');
    table.dropNullable('migration_id');
  });
  await knex.schema.alterTable('campaigns', table => {
    table.dropColumn('times_told');
  });
};
