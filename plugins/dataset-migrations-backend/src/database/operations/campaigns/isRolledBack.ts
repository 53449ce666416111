/**
 * SQL for whether a dataset of a campaign is left out since its migration was rolled
 * back: others that are left out are not waited for, this one did not succeed.
 *
 * @param table - alias of `campaign_datasets`
 */
export function isRolledBack(table: string): string {
  return `(${table}.state = 'excluded' AND EXISTS (
    SELECT FROM migrations
    WHERE migrations.id = ${table}.migration_id
      AND migrations.state = 'rolled-back'
  ))`;
}
