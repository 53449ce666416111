import { Knex } from 'knex';

/** In them somebody may still be in the way of what a migration is to do. */
const awaiting = ['queued', 'running', 'blocked'];

/** Migrations that wait for their consumers, or soon may. */
export function awaitingMigrations(knex: Knex) {
  return knex('migrations').where(whereAwaiting);
}

/** One whose old version is going already waits for nobody. */
export function whereAwaiting(query: Knex.QueryBuilder): void {
  query
    .whereNull('evidence_removed_at')
    .andWhere(asked =>
      asked
        .whereIn('state', awaiting)
        .orWhere(beside =>
          beside
            .where({ state: 'succeeded', old_version_state: 'coexisting' })
            .andWhereRaw(
              `(stage IS DISTINCT FROM 'retire' OR error IS NOT NULL)`,
            ),
        ),
    );
}
