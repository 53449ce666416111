// @ts-check

const active = ['queued', 'running', 'blocked', 'cancelling', 'rolling-back'];

/**
 * A contract may describe several tables, which one migration switches together:
 * what held for its one location now holds for each of them (G1).
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  for (const table of ['datasets', 'migrations']) {
    await knex.schema.alterTable(table, columns => {
      columns
        .jsonb('further_locations')
        .comment(
          'Location[] of the other objects of the contract, null where it has one',
        );
    });
  }
  await knex.schema.createTable('migration_locations', table => {
    table.comment(
      'Every physical place of every migration; one that is active holds it',
    );
    table
      .uuid('migration_id')
      .notNullable()
      .references('id')
      .inTable('migrations')
      .onDelete('CASCADE');
    table.text('location_key').notNullable();
    table
      .boolean('active')
      .notNullable()
      .comment('Whether the migration is; changes with its state');
    table.primary(['migration_id', 'location_key'], {
      constraintName: 'migration_locations_pk',
    });
    table.index(['location_key'], 'migration_locations_location_key_idx');
  });
  await knex.raw(
    `INSERT INTO migration_locations (migration_id, location_key, active)
     SELECT id, location_key, state = ANY (?) FROM migrations`,
    [active],
  );
  // G1: whatever starts a migration, and however many workers run.
  await knex.raw(
    'CREATE UNIQUE INDEX migration_locations_active_uniq ON migration_locations (location_key) WHERE active',
  );
  await knex.raw('DROP INDEX migrations_active_location_uniq');
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(
    `CREATE UNIQUE INDEX migrations_active_location_uniq ON migrations (location_key)
     WHERE state IN (${active.map(state => `'${state}'`).join(', ')})`,
  );
  await knex.schema.dropTable('migration_locations');
  for (const table of ['datasets', 'migrations']) {
    await knex.schema.alterTable(table, columns => {
      columns.dropColumn('further_locations');
    });
  }
};
