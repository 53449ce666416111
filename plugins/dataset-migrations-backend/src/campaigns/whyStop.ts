import { CampaignCounts } from '../database/operations/campaigns/countCampaignDatasets';
import { CampaignRecord } from './types';

/** Before so many have ended, a rate says nothing. */
const ENOUGH = 20;

/**
 * Whether more migrations failed than the campaign allows, apart from those that
 * a person let through.
 *
 * @returns the reason, as a sentence
 */
export function whyStop(
  { request, accepted }: CampaignRecord,
  counts: CampaignCounts,
): string | undefined {
  const { stop } = request;
  const failed = counts.failed - (accepted?.failed ?? 0);
  const ended = endedOf(counts) - (accepted?.ended ?? 0);
  if (stop?.failures !== undefined && failed >= stop.failures) {
    return `${failed} migrations failed; it stops at ${stop.failures}`;
  }
  if (
    stop?.failureRate !== undefined &&
    ended >= ENOUGH &&
    failed > 0 &&
    failed / ended >= stop.failureRate
  ) {
    return `${failed} of ${ended} migrations failed; it stops at ${
      stop.failureRate * 100
    } %`;
  }
  return undefined;
}

/** Migrations that came to an end. */
export function endedOf(counts: CampaignCounts): number {
  return counts.succeeded + counts.failed + counts.cancelled;
}
