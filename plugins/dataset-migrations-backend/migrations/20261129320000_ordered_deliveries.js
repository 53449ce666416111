// @ts-check

/**
 * What one receiver is told of one dataset is told in the order in which it
 * happened: a delivery waits until the earlier ones of its stream have ended.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deliveries', table => {
    table
      .bigInteger('position')
      .comment(
        'Order within what a receiver is told of a dataset: lower ones first, none before all',
      );
  });
  // With a default, as processes of an earlier release know nothing of it.
  await knex.raw('CREATE SEQUENCE deliveries_position_seq');
  await knex.raw(
    'ALTER SEQUENCE deliveries_position_seq OWNED BY deliveries.position',
  );
  await knex.raw(
    `ALTER TABLE deliveries
       ALTER COLUMN position SET DEFAULT nextval('deliveries_position_seq')`,
  );
  // What has ended has no place in any order, and nobody waits while months of it
  // are written anew.
  await knex.raw(
    `UPDATE deliveries SET position = ordered.position
     FROM (
       SELECT id, row_number() OVER (ORDER BY created_at, id) AS position
       FROM deliveries
       WHERE state = 'pending'
     ) AS ordered
     WHERE deliveries.id = ordered.id`,
  );
  await knex.raw(
    `SELECT setval('deliveries_position_seq', coalesce(max(position), 0) + 1, false)
     FROM deliveries WHERE state = 'pending'`,
  );
  await knex.raw(
    `CREATE INDEX deliveries_stream_idx
     ON deliveries (kind, consumer_ref, coalesce(dataset_ref, campaign_id::text), position NULLS FIRST)
     WHERE state = 'pending'`,
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('deliveries', table => {
    // Its sequence and the index go with it.
    table.dropColumn('position');
  });
};
