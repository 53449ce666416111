import { Knex } from 'knex';

/** Stages before the switch: a migration that failed there changed nothing. */
const beforeSwitch = ['discover', 'validate', 'lock', 'transform', 'verify'];

/**
 * Migrations that ended before a moment and that nothing can come of any more,
 * by themselves or by a person: none that can be rolled back or retired, that
 * has something left beside the data, or that failed when it may have switched,
 * unless another one went on from there.
 */
export function settledMigrations(knex: Knex, before: Date): Knex.QueryBuilder {
  return knex('migrations as old')
    .where('old.finished_at', '<', before)
    .where('old.updated_at', '<', before)
    .whereIn('old.state', ['succeeded', 'failed', 'cancelled', 'rolled-back'])
    .whereRaw("old.old_version_state IS DISTINCT FROM 'coexisting'")
    .whereRaw('(old.rollback_until IS NULL OR old.rollback_until <= now())')
    .where(clean =>
      clean
        // A cancellation is over when nothing is left.
        .where('old.state', 'cancelled')
        .orWhereNull('old.fence')
        .orWhereNotNull('old.cleaned_up_at'),
    )
    .where(harmless =>
      harmless
        .whereNot('old.state', 'failed')
        .orWhereNull('old.stage')
        .orWhereIn('old.stage', beforeSwitch)
        .orWhereExists(laterPublished(knex)),
    );
}

/** A later migration of the same dataset that says which version is published. */
export function laterPublished(knex: Knex): Knex.QueryBuilder {
  return knex('migrations as later')
    .select(knex.raw('1'))
    .whereRaw('later.dataset_ref = old.dataset_ref')
    .whereIn('later.state', ['succeeded', 'rolling-back', 'rolled-back'])
    .whereRaw('later.finished_at > old.finished_at');
}
