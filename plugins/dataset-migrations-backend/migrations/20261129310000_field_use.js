// @ts-check

/**
 * Which fields consumers were found to read: by their sources, and by runs of their
 * jobs.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('consumers', table => {
    table
      .text('source_url')
      .comment('Where its source is, null where it cannot be read from afar');
    table.text('sql_dialect').comment('Of its SQL, null when it does not say');
    table
      .boolean('source_complete')
      .notNullable()
      .defaultTo(false)
      .comment('Whether it says that nothing but its source reads datasets');
    table
      .text('source_problem')
      .comment('What is wrong with its annotations about its source');
  });

  await knex.schema.createTable('parsed_field_uses', table => {
    table.comment('What the SQL of a consumer reads of a dataset');
    table.text('dataset_ref').notNullable();
    table.text('consumer_ref').notNullable();
    table.text('source_url').notNullable().comment('What was read');
    table
      .text('etag')
      .comment('Of the source, as it was read; null when it never was');
    table
      .text('input_hash')
      .notNullable()
      .comment('Of what else the result hangs on: contracts, dialect, reader');
    table
      .jsonb('uses')
      .notNullable()
      .comment(
        '{field, file, line, star?, shared?}[], some places of each field',
      );
    table
      .jsonb('unread')
      .notNullable()
      .comment('UnreadSource[]: what may read the dataset, too');
    table
      .boolean('complete')
      .notNullable()
      .defaultTo(false)
      .comment(
        'Whether all was read, and nothing else of it reads the dataset',
      );
    table
      .text('problem')
      .comment('Why the source could not be read the last time');
    table
      .timestamp('checked_at', { useTz: true })
      .comment('When it was last seen that the source is as it was read');
    table
      .timestamp('tried_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now())
      .comment('When it was last looked at, with whatever outcome');
    table.primary(['dataset_ref', 'consumer_ref'], {
      constraintName: 'parsed_field_uses_pk',
    });
    table.index(['consumer_ref'], 'parsed_field_uses_consumer_ref_idx');
  });

  await knex.schema.createTable('observed_field_uses', table => {
    table.comment('What the last run of a job read of a dataset');
    table.text('dataset_ref').notNullable();
    table.text('consumer_ref').notNullable();
    table.text('job').notNullable().comment('Namespace and name');
    table.text('run_id').notNullable();
    table.jsonb('fields').notNullable().comment('Names of fields');
    table
      .timestamp('event_time', { useTz: true })
      .notNullable()
      .comment('As the event says: the newest wins');
    table
      .timestamp('received_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table.primary(['dataset_ref', 'consumer_ref', 'job'], {
      constraintName: 'observed_field_uses_pk',
    });
    table.index(['consumer_ref'], 'observed_field_uses_consumer_ref_idx');
    table.index(['event_time'], 'observed_field_uses_event_time_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('observed_field_uses');
  await knex.schema.dropTable('parsed_field_uses');
  await knex.schema.alterTable('consumers', table => {
    table.dropColumn('source_problem');
    table.dropColumn('source_complete');
    table.dropColumn('sql_dialect');
    table.dropColumn('source_url');
  });
};
