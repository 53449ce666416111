import { AcceptedChange } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import {
  AcceptedChangeRow,
  fromAcceptedChangeRow,
} from '../../AcceptedChangeRow';

/**
 * What is accepted of the changes of datasets, between whichever versions, by entity
 * ref; without what was taken back.
 */
export async function listAcceptedChanges(
  knex: Knex,
  datasetRefs: readonly string[],
): Promise<Map<string, AcceptedChange[]>> {
  const rows: AcceptedChangeRow[] = await knex('accepted_changes')
    .whereRaw('dataset_ref = any(?)', [[...datasetRefs]])
    .whereNull('withdrawn_at')
    .orderBy(['created_at', 'id']);
  const byDataset = new Map<string, AcceptedChange[]>();
  for (const accepted of rows.map(fromAcceptedChangeRow)) {
    const others = byDataset.get(accepted.datasetRef) ?? [];
    byDataset.set(accepted.datasetRef, [...others, accepted]);
  }
  return byDataset;
}
