// @ts-check

/**
 * What owners of consumers answer to a version: ready, from when on, or more time.
 * Answers are added and never changed, so that it stays known who said what when;
 * the one that is not superseded counts. And until when a migration's owner asks
 * consumers to be ready, and from when on the old version may retire.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('consumer_answers', table => {
    table.comment('What owners of consumers said about versions of datasets');
    table.bigIncrements('id').primary();
    table.text('dataset_ref').notNullable();
    table
      .text('version')
      .notNullable()
      .comment('Version of the dataset that it is about');
    table.text('consumer_ref').notNullable();
    table
      .text('answer')
      .notNullable()
      .comment('ready, more-time, or withdrawn: the last one was taken back');
    table
      .timestamp('date', { useTz: true })
      .comment('Ready from then on (at once when null); more time until then');
    table.text('reason');
    table
      .jsonb('concerns')
      .notNullable()
      .comment('The changes that it speaks of, as sentences, sorted');
    table
      .text('version_constraint')
      .comment('What its consumer declared then; null when it declared none');
    table
      .text('given_by')
      .notNullable()
      .comment('Entity ref or service subject');
    table
      .timestamp('given_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table
      .timestamp('superseded_at', { useTz: true })
      .comment('When a later answer took its place');
    table.check(
      `answer IN ('ready', 'more-time', 'withdrawn')`,
      {},
      'consumer_answers_answer_check',
    );
    table.check(
      `answer <> 'more-time' OR (date IS NOT NULL AND reason IS NOT NULL)`,
      {},
      'consumer_answers_more_time_check',
    );
  });
  await knex.raw(
    `CREATE UNIQUE INDEX consumer_answers_current_uniq
     ON consumer_answers (dataset_ref, version, consumer_ref)
     WHERE superseded_at IS NULL`,
  );
  await knex.schema.alterTable('consumer_answers', table => {
    table.index(['given_by', 'given_at'], 'consumer_answers_given_idx');
  });
  await knex.schema.alterTable('migrations', table => {
    table
      .timestamp('deadline', { useTz: true })
      .comment('Until when consumers are asked to be ready');
    table
      .timestamp('retirement', { useTz: true })
      .comment('Before then the old version does not retire');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('migrations', table => {
    table.dropColumn('retirement');
    table.dropColumn('deadline');
  });
  await knex.schema.dropTable('consumer_answers');
};
