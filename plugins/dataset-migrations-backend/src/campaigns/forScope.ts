import {
  Campaign,
  CampaignDataset,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { DatasetScope, whereInScope } from '../permissions/filterDatasets';

/**
 * A campaign without the refs of datasets that a caller may not see: counts and
 * sums are of all of them.
 */
export async function campaignForScope(
  knex: Knex,
  campaign: Campaign,
  scope: DatasetScope,
): Promise<Campaign> {
  if (scope.kind === 'all') {
    return campaign;
  }
  const { selection, dryRun } = campaign;
  const cycles = dryRun?.cycles ?? [];
  const visible = await visibleRefs(
    knex,
    [...(selection.datasets ?? []), ...cycles.flat()],
    scope,
  );
  return {
    ...campaign,
    selection: selection.datasets
      ? { datasets: selection.datasets.filter(ref => visible.has(ref)) }
      : selection,
    dryRun: dryRun && {
      ...dryRun,
      cycles: cycles.filter(cycle => cycle.every(ref => visible.has(ref))),
    },
  };
}

/** The same of datasets that the caller may see: what others they depend on. */
export async function campaignDatasetsForScope(
  knex: Knex,
  datasets: CampaignDataset[],
  scope: DatasetScope,
): Promise<CampaignDataset[]> {
  if (scope.kind === 'all') {
    return datasets;
  }
  const visible = await visibleRefs(
    knex,
    datasets.flatMap(({ upstreams }) => upstreams),
    scope,
  );
  return datasets.map(dataset => ({
    ...dataset,
    upstreams: dataset.upstreams.filter(ref => visible.has(ref)),
    // Reasons of the campaign itself name other datasets.
    reason: dataset.reason?.startsWith('It depends on ')
      ? 'It depends on a dataset that did not succeed, or on itself'
      : dataset.reason,
  }));
}

async function visibleRefs(
  knex: Knex,
  refs: string[],
  scope: DatasetScope,
): Promise<Set<string>> {
  const query = knex('datasets').whereRaw('entity_ref = any(?)', [refs]);
  whereInScope(query, scope);
  return new Set(await query.pluck('entity_ref'));
}
