import { withPluginDatabase } from './pluginDatabase';

/**
 * Writes consumers of a dataset into the read model that the catalog does not
 * have, each of which reads one field of its first version.
 *
 * @param connectionString - of any database of the portal's server
 */
export async function fillConsumers(
  connectionString: string,
  consumers: { datasetRef: string; field: string; count: number },
): Promise<void> {
  const { datasetRef, field, count } = consumers;
  await withPluginDatabase(connectionString, client =>
    client.query(
      // Whoever asks the catalog removes what it lacks, but nothing newer than its answer.
      `INSERT INTO consumers (
         dataset_ref, consumer_ref, title, owner, source, version_constraint,
         fields, updated_at
       )
       SELECT $1, 'component:default/reader-' || lpad(n::text, 5, '0'),
         'Reader ' || lpad(n::text, 5, '0'),
         'group:default/team-' || n % 40, 'declared', '^1.0.0',
         jsonb_build_array($2::text), now() + interval '1 day'
       FROM generate_series(1, $3) AS n`,
      [datasetRef, field, count],
    ),
  );
}
