// @ts-check

/**
 * Owners of consumers are told once for a while what waits for them. Such a delivery
 * is of no migration and no campaign, but of the digest of one period.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('digests', table => {
    table.comment('The periods of which owners of consumers were told');
    table.uuid('id').primary();
    table
      .timestamp('period_start', { useTz: true })
      .notNullable()
      .comment('One digest is made of a period, by whichever process is first');
    table
      .timestamp('made_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table.unique(['period_start'], { indexName: 'digests_once_uniq' });
  });
  await knex.schema.alterTable('deliveries', table => {
    table
      .uuid('digest_id')
      .references('id')
      .inTable('digests')
      .onDelete('CASCADE')
      .comment('What it tells of, where that is no migration and no campaign');
  });
  await knex.raw(
    'ALTER TABLE deliveries DROP CONSTRAINT deliveries_subject_check',
  );
  await knex.raw(
    `ALTER TABLE deliveries ADD CONSTRAINT deliveries_subject_check CHECK (
       num_nonnulls(digest_id, campaign_id, migration_id) = 1
       AND num_nonnulls(digest_id, campaign_id, dataset_ref) = 1
     )`,
  );
  await knex.raw(
    `CREATE UNIQUE INDEX deliveries_of_digest_once_uniq
     ON deliveries (digest_id, consumer_ref)
     WHERE digest_id IS NOT NULL`,
  );
  // The digests of an owner are a stream, whatever their periods. Processes of an
  // earlier release find theirs by the first columns.
  await knex.raw('DROP INDEX deliveries_stream_idx');
  await knex.raw(
    `CREATE INDEX deliveries_stream_idx
     ON deliveries (kind, consumer_ref, coalesce(dataset_ref, campaign_id::text, 'digest'), position NULLS FIRST)
     WHERE state = 'pending'`,
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex('deliveries').whereNotNull('digest_id').delete();
  await knex.raw('DROP INDEX deliveries_stream_idx');
  await knex.raw(
    `CREATE INDEX deliveries_stream_idx
     ON deliveries (kind, consumer_ref, coalesce(dataset_ref, campaign_id::text), position NULLS FIRST)
     WHERE state = 'pending'`,
  );
  await knex.raw(
    'ALTER TABLE deliveries DROP CONSTRAINT deliveries_subject_check',
  );
  await knex.schema.alterTable('deliveries', table => {
    table.dropColumn('digest_id');
  });
  await knex.raw(
    `ALTER TABLE deliveries ADD CONSTRAINT deliveries_subject_check CHECK (
       num_nonnulls(campaign_id, migration_id) = 1
       AND num_nonnulls(campaign_id, dataset_ref) = 1
     )`,
  );
  await knex.schema.dropTable('digests');
};
