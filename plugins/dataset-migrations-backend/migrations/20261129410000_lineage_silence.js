// @ts-check

/**
 * What is needed to tell that runs no longer read a field: when they last did, and
 * whether they told of all that they read, throughout.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('field_last_reads', table => {
    table.comment('The newest run of a consumer that read a field');
    table.text('dataset_ref').notNullable();
    table.text('consumer_ref').notNullable();
    table.text('field').notNullable();
    table.text('job').notNullable().comment('Namespace and name');
    table
      .timestamp('read_at', { useTz: true })
      .notNullable()
      .comment('As the event says');
    table.primary(['consumer_ref', 'dataset_ref', 'field'], {
      constraintName: 'field_last_reads_pk',
    });
    table.index(['read_at'], 'field_last_reads_read_at_idx');
  });

  await knex.schema.createTable('lineage_jobs', table => {
    table.comment('The jobs of a consumer whose runs ever named a dataset');
    table.text('dataset_ref').notNullable();
    table.text('consumer_ref').notNullable();
    table.text('job').notNullable().comment('Namespace and name');
    table
      .timestamp('first_at', { useTz: true })
      .comment('The first run that named it, of those reported in time');
    table
      .timestamp('named_at', { useTz: true })
      .notNullable()
      .comment('The newest run that named it');
    table
      .timestamp('untold_at', { useTz: true })
      .comment(
        'The newest run that named it and did not tell all it read of it',
      );
    table
      .timestamp('filters_at', { useTz: true })
      .comment('The newest run that named it and told of filters and joins');
    table.primary(['consumer_ref', 'dataset_ref', 'job'], {
      constraintName: 'lineage_jobs_pk',
    });
    table.index(['named_at'], 'lineage_jobs_named_at_idx');
  });

  await knex.schema.createTable('lineage_times', table => {
    table.comment('When a job of a consumer was heard');
    table.text('consumer_ref').notNullable();
    table.text('job').notNullable().comment('Namespace and name');
    table
      .specificType('heard', 'tstzmultirange')
      .notNullable()
      .comment(
        '18 hours before and after each run that ended well and told all it read',
      );
    table.primary(['consumer_ref', 'job'], {
      constraintName: 'lineage_times_pk',
    });
  });

  await knex.schema.createTable('lineage_runs', table => {
    table.comment('Runs of the last day, that may yet tell what they read');
    table.text('consumer_ref').notNullable();
    table.text('job').notNullable().comment('Namespace and name');
    table.text('run_id').notNullable();
    table
      .timestamp('at', { useTz: true })
      .notNullable()
      .comment('Of its newest event');
    table.specificType('datasets', 'text[]').notNullable().comment('It named');
    table
      .boolean('told')
      .notNullable()
      .comment('Whether an event of it told of all its outputs');
    table
      .timestamp('received_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table.primary(['consumer_ref', 'job', 'run_id'], {
      constraintName: 'lineage_runs_pk',
    });
    table.index(['received_at'], 'lineage_runs_received_at_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('lineage_runs');
  await knex.schema.dropTable('lineage_times');
  await knex.schema.dropTable('lineage_jobs');
  await knex.schema.dropTable('field_last_reads');
};
