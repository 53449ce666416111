// @ts-check

/**
 * Who makes a delivery claims it for the time of the call, as there may be two jobs
 * of one stream: beside processes of an earlier release, and after the number of
 * keys of a receiver was changed. A receiver that does not answer is left alone for
 * a while, with all that there is for it. And who drops what comes twice is told when
 * a person wants it to come again.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deliveries', table => {
    table.text('claimed_by').comment('The job that makes it, or made it last');
    table
      .timestamp('claimed_until', { useTz: true })
      .comment('When the call ends at the latest that is under way');
    table
      .integer('redeliveries')
      .notNullable()
      .defaultTo(0)
      .comment('How many times a person had it sent again');
  });
  await knex.schema.createTable('delivery_receivers', table => {
    table.comment('Receivers that did not answer when they were called last');
    table
      .text('receiver')
      .primary()
      .comment('The way, and for callbacks the consumer');
    table
      .integer('failures')
      .notNullable()
      .comment('Calls in vain, one after the other');
    table.timestamp('unreachable_since', { useTz: true }).notNullable();
    table
      .timestamp('retry_not_before', { useTz: true })
      .notNullable()
      .comment('When it is called again, once');
    table
      .timestamp('probed_until', { useTz: true })
      .comment('When that call ends at the latest while it is under way');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('delivery_receivers');
  await knex.schema.alterTable('deliveries', table => {
    table.dropColumns('claimed_by', 'claimed_until', 'redeliveries');
  });
};
