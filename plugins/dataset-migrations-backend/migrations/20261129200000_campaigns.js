// @ts-check

// What becomes of a migration becomes of its dataset in the campaign, whoever
// changes it: a stage, a person, a process of an earlier release.
const tellCampaign = `
CREATE FUNCTION tell_campaign() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE campaign_datasets SET
    state = CASE
      WHEN NEW.state IN ('queued', 'running', 'cancelling', 'rolling-back') THEN 'active'
      WHEN NEW.state = 'rolled-back' THEN 'excluded'
      WHEN NEW.state = 'cancelled' AND timed_out THEN 'failed'
      ELSE NEW.state
    END,
    reason = CASE
      WHEN timed_out AND NEW.state <> 'succeeded' THEN reason
      WHEN NEW.state IN ('failed', 'blocked') THEN NEW.error ->> 'message'
      WHEN NEW.state = 'rolled-back' THEN 'It was rolled back'
    END,
    started_at = CASE
      WHEN NEW.state IN ('queued', 'running') AND state <> 'active' THEN now()
      ELSE started_at
    END,
    timed_out = timed_out AND (state = 'active' OR NEW.state NOT IN ('queued', 'running')),
    finished_at = CASE
      WHEN NEW.state IN ('succeeded', 'failed', 'cancelled', 'rolled-back') THEN now()
    END
  WHERE migration_id = NEW.id;
  RETURN NULL;
END
$$`;

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('datasets', table => {
    table
      .jsonb('windows')
      .notNullable()
      .defaultTo('[]')
      .comment('TimeWindow[] of its owner');
    table
      .jsonb('depends_on')
      .notNullable()
      .defaultTo('[]')
      .comment('Refs of the entities that it depends on');
  });

  await knex.schema.createTable('campaigns', table => {
    table.comment('Many migrations, started in batches within limits');
    table.uuid('id').primary();
    table.text('title').notNullable();
    table.text('description');
    table.text('state').notNullable();
    table.text('reason').comment('Why it is paused, or failed');
    table.text('created_by').notNullable();
    table
      .jsonb('initiator')
      .notNullable()
      .comment('Who created it, and what allowed it');
    table.text('idempotency_key');
    table.text('request_hash').notNullable();
    table
      .jsonb('request')
      .notNullable()
      .comment('CreateCampaignRequest, with defaults');
    table.integer('total').notNullable().defaultTo(0);
    table
      .timestamp('selected_at', { useTz: true })
      .comment('When its datasets were written; null before');
    table.jsonb('dry_run').comment('CampaignDryRun');
    table
      .boolean('told_blocked')
      .notNullable()
      .defaultTo(false)
      .comment('Whether it was told that only blocked datasets are left');
    table.integer('current_wave').notNullable().defaultTo(1);
    table
      .jsonb('accepted')
      .comment(
        'Failures and waves that a person let through: {failed, ended, wave}',
      );
    table
      .integer('dispatchable')
      .notNullable()
      .defaultTo(0)
      .comment('Datasets that it could start now, as of the last look');
    table.timestamp('opens_at', { useTz: true });
    table
      .timestamp('created_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table.timestamp('started_at', { useTz: true });
    table.timestamp('finished_at', { useTz: true });
    table.index(['created_at', 'id'], 'campaigns_created_at_idx');
    table.index(['state'], 'campaigns_state_idx');
  });
  await knex.raw(
    'CREATE UNIQUE INDEX campaigns_idempotency_uniq ON campaigns (created_by, idempotency_key) WHERE idempotency_key IS NOT NULL',
  );

  await knex.schema.alterTable('migrations', table => {
    table
      .uuid('campaign_id')
      .references('id')
      .inTable('campaigns')
      .onDelete('SET NULL');
  });
  await knex.raw(
    'CREATE INDEX migrations_campaign_idx ON migrations (campaign_id, created_at) WHERE campaign_id IS NOT NULL',
  );

  await knex.schema.createTable('campaign_datasets', table => {
    table
      .uuid('campaign_id')
      .notNullable()
      .references('id')
      .inTable('campaigns')
      .onDelete('CASCADE');
    table.text('dataset_ref').notNullable();
    table
      .integer('position')
      .notNullable()
      .comment('In the order of lineage, then of refs');
    table.integer('level').notNullable();
    table.integer('wave');
    table.text('state').notNullable();
    table.text('reason');
    table.text('title');
    table.text('owner');
    table.text('engine');
    table.text('connection').comment('Of the engine');
    table
      .jsonb('planned')
      .comment('What the dry run says: versions, policy, verdicts, estimates');
    table
      .uuid('migration_id')
      .references('id')
      .inTable('migrations')
      .onDelete('SET NULL');
    table.boolean('timed_out').notNullable().defaultTo(false);
    table
      .timestamp('not_before', { useTz: true })
      .comment('Until then it is not looked at again');
    table.timestamp('started_at', { useTz: true });
    table.timestamp('finished_at', { useTz: true });
    table.primary(['campaign_id', 'dataset_ref'], {
      constraintName: 'campaign_datasets_pk',
    });
    table.index(
      ['campaign_id', 'position'],
      'campaign_datasets_campaign_position_idx',
    );
    table.index(
      ['campaign_id', 'state', 'position'],
      'campaign_datasets_campaign_state_idx',
    );
  });
  await knex.raw(
    "CREATE INDEX campaign_datasets_active_idx ON campaign_datasets (engine, connection, owner) WHERE state = 'active'",
  );
  await knex.raw(
    'CREATE INDEX campaign_datasets_migration_idx ON campaign_datasets (migration_id) WHERE migration_id IS NOT NULL',
  );

  await knex.schema.createTable('campaign_edges', table => {
    table.comment('Which datasets of a campaign go before which');
    table.uuid('campaign_id').notNullable();
    table.text('dataset_ref').notNullable();
    table.text('upstream_ref').notNullable();
    table.primary(['campaign_id', 'dataset_ref', 'upstream_ref'], {
      constraintName: 'campaign_edges_pk',
    });
    for (const column of ['dataset_ref', 'upstream_ref']) {
      table
        .foreign(['campaign_id', column])
        .references(['campaign_id', 'dataset_ref'])
        .inTable('campaign_datasets')
        .onDelete('CASCADE');
    }
    table.index(['campaign_id', 'upstream_ref'], 'campaign_edges_upstream_idx');
  });

  await knex.schema.createTable('campaign_events', table => {
    table.comment('The log of a campaign');
    table.bigIncrements('id');
    table
      .uuid('campaign_id')
      .notNullable()
      .references('id')
      .inTable('campaigns')
      .onDelete('CASCADE');
    table
      .timestamp('at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table.text('level').notNullable();
    table.text('message').notNullable();
    table.index(['campaign_id', 'id'], 'campaign_events_campaign_idx');
  });

  await knex.raw(tellCampaign);
  await knex.raw(
    `CREATE TRIGGER migrations_tell_campaign
     AFTER UPDATE OF state ON migrations FOR EACH ROW
     WHEN (NEW.campaign_id IS NOT NULL AND NEW.state IS DISTINCT FROM OLD.state)
     EXECUTE FUNCTION tell_campaign()`,
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('DROP TRIGGER migrations_tell_campaign ON migrations');
  await knex.raw('DROP FUNCTION tell_campaign');
  await knex.schema.alterTable('migrations', table => {
    table.dropColumn('campaign_id');
  });
  for (const table of [
    'campaign_events',
    'campaign_edges',
    'campaign_datasets',
    'campaigns',
  ]) {
    await knex.schema.dropTable(table);
  }
  await knex.schema.alterTable('datasets', table => {
    table.dropColumn('windows');
    table.dropColumn('depends_on');
  });
};
