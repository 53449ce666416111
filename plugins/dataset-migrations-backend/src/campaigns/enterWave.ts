import { appendCampaignEvent } from '../database/operations/campaigns/campaignEvents';
import { changeCampaign } from '../database/operations/campaigns/changeCampaign';
import {
  CampaignCounts,
  countByWave,
} from '../database/operations/campaigns/countCampaignDatasets';
import { couldStart } from './couldStart';
import { CampaignDependencies } from './dependencies';
import { pauseCampaign } from './pauseCampaign';
import { CampaignRecord } from './types';
import { failureRate } from './waves';
import { endedOf } from './whyStop';

/**
 * Goes on to the next wave when nothing of those so far runs or could start.
 * What is blocked, or waits for its owner's window, holds nobody else back, as
 * long as any of the wave has ended.
 *
 * @returns the campaign in its wave; undefined when too much of the last failed
 */
export async function enterWave(
  deps: CampaignDependencies,
  campaign: CampaignRecord,
): Promise<CampaignRecord | undefined> {
  const { knex } = deps;
  const { waves } = campaign.request;
  if (!waves) {
    return campaign;
  }
  const counts = await countByWave(knex, campaign.id);
  const last = Math.max(...counts.keys());
  let current = campaign;
  while (current.currentWave < last) {
    if (
      runsUpTo(counts, current.currentWave) ||
      (await couldStart(knex, current))
    ) {
      return current;
    }
    const wave = counts.get(current.currentWave);
    if (wave && endedOf(wave) === 0 && wave.waiting + wave.blocked > 0) {
      // It says nothing yet about those that come after it.
      return current;
    }
    const rate = wave ? failureRate(wave) : 0;
    if (
      rate > waves.maxFailureRate &&
      (campaign.accepted?.wave ?? 0) < current.currentWave
    ) {
      await pauseCampaign(
        deps,
        current,
        `${percent(rate)} of wave ${
          current.currentWave
        } failed; allowed are ${percent(waves.maxFailureRate)}`,
      );
      return undefined;
    }
    const next = await changeCampaign(knex, current, {
      currentWave: current.currentWave + 1,
    });
    if (!next) {
      return undefined;
    }
    await appendCampaignEvent(knex, campaign.id, {
      message: `Wave ${next.currentWave} of ${last} begins`,
    });
    current = next;
  }
  return current;
}

function runsUpTo(counts: Map<number, CampaignCounts>, last: number): boolean {
  return [...counts].some(([wave, { active }]) => wave <= last && active > 0);
}

function percent(rate: number): string {
  return `${Math.round(rate * 1000) / 10} %`;
}
