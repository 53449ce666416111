// @ts-check

/**
 * Single changes between two versions of a dataset that somebody accepted, with the
 * reason. They are added, and never removed: who took one back is added to it.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('accepted_changes', table => {
    table.comment(
      'Changes that somebody accepted, although they touch readers',
    );
    table.uuid('id').primary();
    table.text('dataset_ref').notNullable();
    table.text('from_version').notNullable();
    table.text('to_version').notNullable();
    table.text('rule').notNullable().comment('Id of the rule that judged it');
    table
      .text('object')
      .comment('Schema object, where the contract has several');
    table
      .text('field')
      .comment('Null for changes of a whole object, or of the dataset');
    table.text('summary').notNullable().comment('What changes, as a sentence');
    table.text('effect').notNullable().comment('Its grade at that time');
    table
      .text('change_hash')
      .notNullable()
      .comment('SHA-256 of the five above, as they may be too long to index');
    table.text('reason').notNullable();
    table
      .text('accepted_by')
      .notNullable()
      .comment('Entity ref or service subject');
    table
      .timestamp('created_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table.text('withdrawn_by').comment('Entity ref or service subject');
    table.timestamp('withdrawn_at', { useTz: true });
    table.check(
      `effect IN ('breaking', 'risky')`,
      {},
      'accepted_changes_effect_check',
    );
    table.check(
      '(withdrawn_by IS NULL) = (withdrawn_at IS NULL)',
      {},
      'accepted_changes_withdrawn_check',
    );
    table.index(
      ['dataset_ref', 'created_at', 'id'],
      'accepted_changes_dataset_idx',
    );
  });
  // Of two who accept the same change at once, one does.
  await knex.raw(
    `CREATE UNIQUE INDEX accepted_changes_current_uniq
     ON accepted_changes (dataset_ref, from_version, to_version, change_hash)
     WHERE withdrawn_at IS NULL`,
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('accepted_changes');
};
