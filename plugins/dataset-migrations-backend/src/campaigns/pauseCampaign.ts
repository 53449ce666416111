import { changeAndTell, StillSo } from './changeAndTell';
import { CampaignDependencies } from './dependencies';
import { CampaignRecord } from './types';

/**
 * Pauses a campaign by itself, and tells who created it why.
 *
 * @param onlyIf - see {@link changeAndTell}
 */
export async function pauseCampaign(
  deps: CampaignDependencies,
  campaign: CampaignRecord,
  reason: string,
  onlyIf?: StillSo,
): Promise<void> {
  const paused = await changeAndTell(deps, campaign, {
    onlyIf,
    patch: { state: 'paused', reason, dispatchable: 0, opensAt: null },
    level: 'warn',
    message: `Paused: ${reason}`,
  });
  if (paused) {
    void deps.tellCreator(paused);
  }
}
