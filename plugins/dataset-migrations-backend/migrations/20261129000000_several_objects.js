// @ts-check

const active = "('queued', 'running', 'blocked', 'cancelling', 'rolling-back')";

// In a fixed order, so that two migrations that share several places do not wait
// for each other. The search path is that of this plugin, whoever writes.
const holdLocations = `
CREATE FUNCTION hold_migration_locations() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  keys text[] := NEW.location_key || ARRAY(
    SELECT place ->> 'key' FROM jsonb_array_elements(NEW.further_locations) AS place
  );
BEGIN
  DELETE FROM migration_locations
  WHERE migration_id = NEW.id AND location_key <> ALL (keys);
  INSERT INTO migration_locations AS held (migration_id, location_key, active)
  SELECT DISTINCT NEW.id, key, NEW.state IN ${active}
  FROM unnest(keys) AS key
  ORDER BY key
  ON CONFLICT (migration_id, location_key) DO UPDATE
  SET active = excluded.active WHERE held.active <> excluded.active;
  RETURN NULL;
END
$$`;

/**
 * A contract may describe several tables, which one migration switches together:
 * what held for its one location now holds for each of them (G1). A trigger keeps
 * the places, so that those of a migration that a process of an earlier release,
 * or a person, starts or ends are held and let go as well.
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
      .comment('Whether the migration is; a trigger changes it with its state');
    table.primary(['migration_id', 'location_key'], {
      constraintName: 'migration_locations_pk',
    });
    table.index(['location_key'], 'migration_locations_location_key_idx');
  });
  await knex.raw(
    `INSERT INTO migration_locations (migration_id, location_key, active)
     SELECT id, location_key, state IN ${active} FROM migrations`,
  );
  // G1: whatever starts a migration, and however many workers run.
  await knex.raw(
    'CREATE UNIQUE INDEX migration_locations_active_uniq ON migration_locations (location_key) WHERE active',
  );
  await knex.raw(holdLocations);
  await knex.raw(
    `CREATE TRIGGER migrations_hold_locations
     AFTER INSERT OR UPDATE OF state, location_key, further_locations ON migrations
     FOR EACH ROW EXECUTE FUNCTION hold_migration_locations()`,
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('DROP TRIGGER migrations_hold_locations ON migrations');
  await knex.raw('DROP FUNCTION hold_migration_locations');
  await knex.schema.dropTable('migration_locations');
  for (const table of ['datasets', 'migrations']) {
    await knex.schema.alterTable(table, columns => {
      columns.dropColumn('further_locations');
    });
  }
};
