import { inRounds, Removal, ROUND } from './inRounds';

/** Deletes lines of the logs of migrations that are over. */
export const deleteMigrationEvents = deleteEvents('migration_events', {
  table: 'migrations',
  key: 'migration_id',
  ends: ['succeeded', 'failed', 'cancelled', 'rolled-back'],
});

/** Deletes lines of the logs of campaigns that are over. */
export const deleteCampaignEvents = deleteEvents('campaign_events', {
  table: 'campaigns',
  key: 'campaign_id',
  ends: ['finished', 'cancelled', 'failed'],
});

function deleteEvents(
  log: string,
  owner: { table: string; key: string; ends: string[] },
): Removal {
  return ({ knex, before, signal }) =>
    inRounds(signal, () =>
      knex(log)
        .whereIn(
          'id',
          knex(`${log} as line`)
            .join(`${owner.table} as owner`, 'owner.id', `line.${owner.key}`)
            .where('line.at', '<', before)
            .whereIn('owner.state', owner.ends)
            .select('line.id')
            .limit(ROUND),
        )
        .delete(),
    );
}
