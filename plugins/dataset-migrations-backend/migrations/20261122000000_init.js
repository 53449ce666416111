// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('datasets', table => {
    table.comment(
      'Read model of the dataset entities, kept up by catalog events and a reconciliation',
    );
    table.text('entity_ref').primary();
    table.text('title').notNullable();
    table.text('description');
    table.text('owner').comment('Entity ref of the owner');
    table.text('system').comment('Entity ref of the system');
    table
      .text('engine')
      .comment(
        'Engine that holds it, null when its location cannot be resolved',
      );
    table
      .text('location_key')
      .comment('Identity of the physical place, across entities');
    table
      .jsonb('location')
      .comment('Location as resolved through the operator bindings');
    table
      .text('current_version')
      .comment(
        'Version that the plugin last published, else the active contract',
      );
    table
      .boolean('published')
      .notNullable()
      .defaultTo(false)
      .comment('True once the plugin itself published current_version');
    table
      .text('next_version')
      .comment('Highest proposed version above the current one');
    table.jsonb('versions').notNullable().comment('DatasetVersion[]');
    table.jsonb('contracts').notNullable().comment('Contract[] as parsed');
    table
      .jsonb('documents')
      .notNullable()
      .comment('MigrationDocument[] as parsed');
    table.jsonb('problems').notNullable().comment('DatasetProblem[]');
    table
      .text('content_hash')
      .notNullable()
      .comment('Of the entity parts that this row is made of');
    table
      .timestamp('updated_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table.index(['owner'], 'datasets_owner_idx');
    table.index(['engine'], 'datasets_engine_idx');
    table.index(['location_key'], 'datasets_location_key_idx');
  });

  await knex.schema.createTable('consumers', table => {
    table.comment(
      'Read model: who reads which dataset, as declared in the catalog',
    );
    table.text('dataset_ref').notNullable();
    table.text('consumer_ref').notNullable();
    table.text('title');
    table.text('owner');
    table.text('source').notNullable().comment('declared or depends-on');
    table.text('version_constraint');
    table.jsonb('fields').comment('Fields that it reads, null when not known');
    table.text('webhook');
    table.text('problem').comment('Why the declaration cannot be used');
    table
      .timestamp('updated_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table.primary(['dataset_ref', 'consumer_ref'], {
      constraintName: 'consumers_pk',
    });
    table.index(['consumer_ref'], 'consumers_consumer_ref_idx');
  });

  await knex.schema.createTable('migrations', table => {
    table.comment('One run of one dataset from one version to another');
    table.uuid('id').primary();
    table.text('dataset_ref').notNullable();
    table.text('location_key').notNullable();
    table.jsonb('location').notNullable();
    table.text('from_version').notNullable();
    table.text('to_version').notNullable();
    table.text('policy').notNullable().comment('switch or coexist');
    table.text('state').notNullable();
    table.text('stage').comment('Stage that runs, or failed, or comes next');
    table
      .bigInteger('sequence')
      .notNullable()
      .defaultTo(0)
      .comment(
        'Grows with every job of it: a job with another number is an old one and does nothing',
      );
    table
      .text('started_by')
      .notNullable()
      .comment('Entity ref or service subject');
    table
      .jsonb('initiator')
      .comment('Credentials subject and kind for checking that they still may');
    table.text('idempotency_key');
    table
      .text('request_hash')
      .comment('The same key with another body is a conflict');
    table.jsonb('source_contract').notNullable();
    table.jsonb('target_contract').notNullable();
    table.jsonb('plan').comment('MigrationPlan');
    table.jsonb('engine_plan').comment('EnginePlanSummary');
    table
      .jsonb('verdicts')
      .comment('ConsumerVerdict[] as last judged: the evidence');
    table.jsonb('progress').comment('TransformProgress');
    table.jsonb('verification').comment('VerificationReport');
    table
      .jsonb('override')
      .comment('{by, reason, at, consumers}: who was overridden');
    table.jsonb('error').comment('MigrationError');
    table
      .bigInteger('fence')
      .comment('Token of the lease it holds or held last');
    table
      .text('old_version_state')
      .comment('coexisting or retired, after a cut over under coexist');
    table.timestamp('rollback_until', { useTz: true });
    table
      .timestamp('cleaned_up_at', { useTz: true })
      .comment(
        'When what it left beside the data (old version, shadow) was removed',
      );
    table
      .timestamp('created_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table.timestamp('started_at', { useTz: true });
    table.timestamp('finished_at', { useTz: true });
    table
      .timestamp('updated_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table.index(['dataset_ref', 'created_at'], 'migrations_dataset_ref_idx');
    table.index(['created_at', 'id'], 'migrations_created_at_idx');
    table.index(['state'], 'migrations_state_idx');
  });
  // G1: whatever starts a migration, and however many workers run.
  const active =
    "state IN ('queued', 'running', 'blocked', 'cancelling', 'rolling-back')";
  await knex.raw(
    `CREATE UNIQUE INDEX migrations_active_dataset_uniq ON migrations (dataset_ref) WHERE ${active}`,
  );
  await knex.raw(
    `CREATE UNIQUE INDEX migrations_active_location_uniq ON migrations (location_key) WHERE ${active}`,
  );
  await knex.raw(
    'CREATE UNIQUE INDEX migrations_idempotency_uniq ON migrations (started_by, idempotency_key) WHERE idempotency_key IS NOT NULL',
  );

  await knex.schema.createTable('migration_stages', table => {
    table
      .uuid('migration_id')
      .notNullable()
      .references('id')
      .inTable('migrations')
      .onDelete('CASCADE');
    table.text('stage').notNullable();
    table.integer('position').notNullable();
    table
      .text('state')
      .notNullable()
      .comment('pending, running, succeeded, failed, skipped');
    table.integer('attempts').notNullable().defaultTo(0);
    table.timestamp('started_at', { useTz: true });
    table.timestamp('finished_at', { useTz: true });
    table.primary(['migration_id', 'stage'], {
      constraintName: 'migration_stages_pk',
    });
  });

  await knex.schema.createTable('migration_events', table => {
    table.comment('The log of a migration');
    table.bigIncrements('id');
    table
      .uuid('migration_id')
      .notNullable()
      .references('id')
      .inTable('migrations')
      .onDelete('CASCADE');
    table
      .timestamp('at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table.text('level').notNullable();
    table.text('stage');
    table.text('message').notNullable();
    table.jsonb('data');
    table.index(['migration_id', 'id'], 'migration_events_migration_idx');
  });

  await knex.schema.createTable('leases', table => {
    table.comment(
      'Who may write a physical location; the token grows with each holder and never shrinks',
    );
    table.text('location_key').primary();
    table.bigInteger('token').notNullable();
    table.uuid('migration_id').comment('Null when nobody holds it');
    table.text('holder').comment('Worker id');
    table.timestamp('expires_at', { useTz: true });
  });

  await knex.schema.createTable('deliveries', table => {
    table.comment(
      'Outbox of notifications: delivered at least once or visible as dead (G7)',
    );
    table.uuid('id').primary();
    table
      .uuid('migration_id')
      .notNullable()
      .references('id')
      .inTable('migrations')
      .onDelete('CASCADE');
    table.text('dataset_ref').notNullable();
    table
      .text('consumer_ref')
      .notNullable()
      .comment('Whom it is for: consumer, owner, or the dataset itself');
    table
      .text('kind')
      .notNullable()
      .comment('webhook, notification, event, or a notifier id');
    table.text('event_type').notNullable();
    table
      .text('target')
      .notNullable()
      .comment('For people: an address without query or credentials');
    table.jsonb('body').notNullable().comment('CloudEvent, without secrets');
    table.text('state').notNullable().comment('pending, delivered, dead');
    table.integer('attempts').notNullable().defaultTo(0);
    table.text('last_error');
    table.integer('last_status');
    table
      .timestamp('created_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table.timestamp('delivered_at', { useTz: true });
    table.timestamp('next_attempt_at', { useTz: true });
    table
      .bigInteger('occurrence')
      .notNullable()
      .comment(
        'Sequence of the migration when it happened: it may fail, be retried and fail again',
      );
    table.unique(
      ['migration_id', 'consumer_ref', 'kind', 'event_type', 'occurrence'],
      { indexName: 'deliveries_once_uniq' },
    );
    table.index(['created_at', 'id'], 'deliveries_created_at_idx');
    table.index(['state'], 'deliveries_state_idx');
  });

  await knex.schema.createTable('preflights', table => {
    table.uuid('id').primary();
    table.text('dataset_ref').notNullable();
    table.text('target_version').notNullable();
    table.text('requested_by').notNullable();
    table.text('state').notNullable().comment('queued, running, done, failed');
    table.bigInteger('rows_scanned');
    table
      .jsonb('findings')
      .notNullable()
      .comment(
        'PreflightFinding[] without samples: values of rows are not kept (G11)',
      );
    table.text('error');
    table
      .timestamp('created_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table.timestamp('finished_at', { useTz: true });
  });

  await knex.schema.createTable('workers', table => {
    table.text('id').primary();
    table.text('hostname').notNullable();
    table.integer('pid').notNullable();
    table.integer('slots').notNullable();
    table.integer('running').notNullable().defaultTo(0);
    table
      .timestamp('started_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
    table
      .timestamp('last_seen_at', { useTz: true })
      .notNullable()
      .defaultTo(knex.fn.now());
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of [
    'workers',
    'preflights',
    'deliveries',
    'leases',
    'migration_events',
    'migration_stages',
    'migrations',
    'consumers',
    'datasets',
  ]) {
    await knex.schema.dropTable(table);
  }
};
