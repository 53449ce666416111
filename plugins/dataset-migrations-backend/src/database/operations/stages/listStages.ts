import { StageRecord } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';

export async function listStages(
  knex: Knex,
  migrationId: string,
): Promise<StageRecord[]> {
  const rows = await knex('migration_stages')
    .where({ migration_id: migrationId })
    .orderBy('position');
  return rows.map(row => ({
    stage: row.stage,
    state: row.state,
    attempts: row.attempts,
    startedAt: row.started_at?.toISOString(),
    finishedAt: row.finished_at?.toISOString(),
  }));
}
