import { assertError, InputError, ResponseError } from '@backstage/errors';
import { Knex } from 'knex';
import { appendCampaignEvent } from '../database/operations/campaigns/campaignEvents';
import { changeCampaign } from '../database/operations/campaigns/changeCampaign';
import { insertCampaignDatasets } from '../database/operations/campaigns/insertCampaignDatasets';
import { filterDatasets } from '../datasets/listDatasets';
import { withoutSecrets } from '../secrets/withoutSecrets';
import { CampaignDependencies } from './dependencies';
import { orderByLineage } from './lineage';
import { CampaignRecord } from './types';

const noDryRun = {
  breaking: 0,
  verdicts: { ready: 0, breaks: 0, unknown: 0 },
  metadataOnly: 0,
  rows: 0,
  bytes: 0,
};

/**
 * Finds the datasets of a campaign, orders them by lineage and writes them down,
 * in one transaction. Those on a cycle have no order and are left out, named.
 */
export async function selectDatasets(
  deps: CampaignDependencies,
  campaign: CampaignRecord,
): Promise<void> {
  const { knex, logger } = deps;
  try {
    const refs = await findRefs(deps, campaign);
    const lineage = orderByLineage(refs, await readDependencies(knex));
    const cycleOf = new Map(
      lineage.cycles.flatMap(cycle => cycle.map(ref => [ref, cycle])),
    );
    const level = (ref: string) => lineage.levels.get(ref) ?? 0;
    const sorted = [...refs].sort(
      (a, b) => level(a) - level(b) || (a < b ? -1 : 1),
    );

    await knex.transaction(async trx => {
      const changed = await changeCampaign(trx, campaign, {
        total: refs.length,
        selectedAt: new Date(),
        dryRun: { ...noDryRun, cycles: lineage.cycles },
      });
      // Cancelled meanwhile.
      if (!changed) return;
      await insertCampaignDatasets(
        trx,
        campaign.id,
        sorted.map((ref, position) => ({
          datasetRef: ref,
          position,
          level: level(ref),
          upstreams: lineage.upstreams.get(ref) ?? [],
          excluded: cycleOf.has(ref)
            ? `It depends on itself: ${namedCycle(cycleOf.get(ref)!)}`
            : undefined,
        })),
      );
      await appendCampaignEvent(trx, campaign.id, {
        message: `Selected ${refs.length} datasets`,
      });
      if (cycleOf.size > 0) {
        await appendCampaignEvent(trx, campaign.id, {
          level: 'warn',
          message: `Left out ${cycleOf.size} datasets that depend on themselves`,
        });
      }
    });
  } catch (error) {
    assertError(error);
    if (!(error instanceof InputError) && !isRefusal(error)) {
      throw error;
    }
    const reason = withoutSecrets(error.message);
    logger.warn(`Campaign ${campaign.id} failed: ${reason}`);
    await knex.transaction(async trx => {
      await changeCampaign(trx, campaign, {
        state: 'failed',
        reason,
        finishedAt: new Date(),
      });
      await appendCampaignEvent(trx, campaign.id, {
        level: 'error',
        message: reason,
      });
    });
  }
}

/** A filter that the catalog does not take, today and tomorrow. */
function isRefusal(error: Error): boolean {
  return error instanceof ResponseError && error.statusCode < 500;
}

/** @throws InputError when there are none, or too many */
async function findRefs(
  { knex, findDatasets, settings }: CampaignDependencies,
  { request }: CampaignRecord,
): Promise<string[]> {
  const { datasets, filter, query } = request.selection;
  let refs = datasets ?? [];
  if (filter) {
    refs = await findDatasets([filter].flat());
  } else if (query) {
    refs = await filterDatasets(knex, query).pluck('entity_ref');
  }
  if (refs.length === 0) {
    throw new InputError('No dataset matches the selection');
  }
  if (refs.length > settings.maxDatasets) {
    throw new InputError(
      `The selection matches ${refs.length} datasets; a campaign may have ${settings.maxDatasets}`,
    );
  }
  return refs;
}

/** Of all datasets: the way between two of the campaign may lead through others. */
async function readDependencies(knex: Knex): Promise<Map<string, string[]>> {
  const rows: Array<{ entity_ref: string; depends_on: string[] }> = await knex(
    'datasets',
  )
    .select('entity_ref', 'depends_on')
    .whereRaw(`depends_on <> '[]'::jsonb`);
  return new Map(rows.map(row => [row.entity_ref, row.depends_on]));
}

const MAX_NAMED = 10;

function namedCycle(cycle: string[]): string {
  const named = cycle.slice(0, MAX_NAMED);
  const more = cycle.length > named.length ? ' → …' : '';
  return `${named.join(' → ')}${more} → ${cycle[0]}`;
}
