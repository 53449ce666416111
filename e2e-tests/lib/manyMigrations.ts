import { withPluginDatabase } from './pluginDatabase';

/**
 * Writes finished migrations of datasets that are no more into the plugin's
 * database, as years of use would, for lists that have to carry them.
 *
 * @param connectionString - of any database of the portal's server
 */
export async function fillMigrations(
  connectionString: string,
  count: number,
): Promise<void> {
  await withPluginDatabase(connectionString, client =>
    client.query(
      `INSERT INTO migrations (
         id, dataset_ref, location_key, location, from_version, to_version,
         policy, state, started_by, source_contract, target_contract, plan,
         created_at, started_at, finished_at, error
       )
       SELECT gen_random_uuid(), 'resource:default/old-' || lpad(n::text, 5, '0'),
         'old-' || n, '{}', '1.0.0', '2.0.0', 'switch',
         CASE WHEN n % 100 = 0 THEN 'failed' ELSE 'succeeded' END,
         'user:default/grace', '{}', '{}', '{}',
         now() - n * interval '1 minute', now() - n * interval '1 minute',
         now() - n * interval '1 minute' + interval '9 seconds',
         CASE WHEN n % 100 = 0 THEN
           '{"name":"InputError","message":"3 rows do not cast","stage":"transform"}'::jsonb
         END
       FROM generate_series(1, $1) AS n`,
      [count],
    ),
  );
}
