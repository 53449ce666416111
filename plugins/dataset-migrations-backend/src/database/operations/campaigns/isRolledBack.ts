/**
 * SQL for whether a dataset of a campaign is left out since its migration was rolled
 * back, and is not where the campaign would have it by now: others that are left out are
 * not waited for, this one did not succeed.
 *
 * @param table - alias of `campaign_datasets`
 */
export function isRolledBack(table: string): string {
  return `(${table}.state = 'excluded' AND EXISTS (
    SELECT FROM migrations
    WHERE migrations.id = ${table}.migration_id
      AND migrations.state = 'rolled-back'
  ) AND NOT EXISTS (
    SELECT FROM datasets
    WHERE datasets.entity_ref = ${table}.dataset_ref
      AND datasets.current_version = ${table}.planned ->> 'toVersion'
  ))`;
}
