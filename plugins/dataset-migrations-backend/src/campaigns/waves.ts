import { CampaignWaves } from '@skein/backstage-plugin-dataset-migrations-common';
import { CampaignCounts } from '../database/operations/campaigns/countCampaignDatasets';
import { endedOf } from './whyStop';

/**
 * The last place of each wave among `total` datasets, from the canary on. Shares
 * smaller than the canary are part of it; what the shares leave over is a wave
 * of its own.
 */
export function waveEnds(
  { canary, shares }: CampaignWaves,
  total: number,
): number[] {
  const ends = [0, ...shares.map(share => Math.ceil(share * total)), total]
    .map(end => Math.min(Math.max(end, canary), total))
    .filter(end => end > 0);
  return [...new Set(ends)].sort((a, b) => a - b);
}

/** The share of the migrations of a wave that ended, and failed. */
export function failureRate(counts: CampaignCounts): number {
  const ended = endedOf(counts);
  return ended === 0 ? 0 : counts.failed / ended;
}
