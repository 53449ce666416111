// @ts-check

/**
 * Which fields of datasets are made of which, as runs of jobs told, and who depends on
 * whom.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('field_lineage', table => {
    table.comment('What the last run of a job made a dataset of');
    table.text('consumer_ref').notNullable().comment('Whose job it is');
    table.text('job').notNullable().comment('Namespace and name');
    table.text('dataset_ref').notNullable().comment('What it wrote');
    table.text('run_id').notNullable();
    table
      .jsonb('told')
      .notNullable()
      .comment('Names of the fields that it told the origin of');
    table
      .jsonb('flows')
      .notNullable()
      .comment('{from: {datasetRef, field}, to, computed?}[]');
    table
      .timestamp('event_time', { useTz: true })
      .notNullable()
      .comment('As the event says: the newest wins');
    table
      .timestamp('received_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table.primary(['consumer_ref', 'job', 'dataset_ref'], {
      constraintName: 'field_lineage_pk',
    });
    table.index(['dataset_ref'], 'field_lineage_dataset_ref_idx');
    table.index(['event_time'], 'field_lineage_event_time_idx');
  });
  await knex.raw(
    'CREATE INDEX datasets_depends_on_idx ON datasets USING gin (depends_on)',
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('DROP INDEX datasets_depends_on_idx');
  await knex.schema.dropTable('field_lineage');
};
