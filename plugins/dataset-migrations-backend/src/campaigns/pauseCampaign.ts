import { changeAndTell } from './changeAndTell';
import { CampaignDependencies } from './dependencies';
import { CampaignRecord } from './types';

/** Pauses a campaign by itself, and tells who created it why. */
export async function pauseCampaign(
  deps: CampaignDependencies,
  campaign: CampaignRecord,
  reason: string,
): Promise<void> {
  const paused = await changeAndTell(deps, campaign, {
    patch: { state: 'paused', reason, dispatchable: 0, opensAt: null },
    level: 'warn',
    message: `Paused: ${reason}`,
  });
  if (paused) {
    await deps.tellCreator(paused);
  }
}
