import { Stage } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';

/**
 * Consumers that changed, whose sources were looked at or whose runs reported, or whose
 * owners answered to the target version, since a stage of a migration began, or the one that found its consumers; and a minute more,
 * for what was written then and committed later. All of them where a change on the way
 * to that version was accepted since, or that taken back. By entity ref.
 */
export async function listMovedSince(
  knex: Knex,
  migration: { id: string; datasetRef: string; toVersion: string },
  stage: Stage,
): Promise<string[]> {
  const { rows } = await knex.raw(
    `WITH began AS (
       SELECT min(started_at) - interval '1 minute' AS at
       FROM migration_stages
       WHERE migration_id = :id AND stage = ANY (:stages)
     )
     SELECT consumer_ref FROM consumers, began
     WHERE dataset_ref = :datasetRef AND updated_at >= began.at
     UNION
     SELECT consumer_ref FROM parsed_field_uses, began
     WHERE dataset_ref = :datasetRef AND checked_at >= began.at
     UNION
     SELECT consumer_ref FROM observed_field_uses, began
     WHERE dataset_ref = :datasetRef AND received_at >= began.at
     UNION
     SELECT consumer_ref FROM consumer_answers, began
     WHERE dataset_ref = :datasetRef AND version = :toVersion
       AND given_at >= began.at
     UNION
     SELECT consumer_ref FROM consumers
     WHERE dataset_ref = :datasetRef AND EXISTS (
       SELECT FROM accepted_changes, began
       WHERE dataset_ref = :datasetRef AND to_version = :toVersion
         AND greatest(created_at, withdrawn_at) >= began.at
     )
     ORDER BY consumer_ref`,
    {
      id: migration.id,
      datasetRef: migration.datasetRef,
      toVersion: migration.toVersion,
      // It works with the consumers that the one before found.
      stages: stage === 'validate' ? ['discover', 'validate'] : [stage],
    },
  );
  return rows.map((row: { consumer_ref: string }) => row.consumer_ref);
}
