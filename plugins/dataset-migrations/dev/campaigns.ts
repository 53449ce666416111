import {
  Campaign,
  CampaignAction,
  campaignActions,
  CampaignsApi,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  campaignDatasets,
  countsOf,
  plannedCampaign,
} from '../src/__testUtils__/campaigns';
import { fakeCampaigns, pageOf } from '../src/__testUtils__/fakeApi';

const DRY_RUN_SECONDS = 8;

/** The fixtures, and what is created in the page: its dry run goes by the clock. */
export function simulatedCampaigns(datasets: number): CampaignsApi {
  const fixed = fakeCampaigns();
  const all = campaignDatasets(datasets);
  const changed = new Map<string, Campaign>();
  let created: { at: number; title: string } | undefined;

  const dryRun = (): Campaign => {
    const seconds = (Date.now() - created!.at) / 1_000;
    const planned = Math.min(
      10_000,
      Math.round((10_000 * seconds) / DRY_RUN_SECONDS),
    );
    const done = planned === 10_000;
    return plannedCampaign({
      id: 'simulated',
      title: created!.title,
      state: done ? 'planned' : 'planning',
      counts: countsOf({ waiting: planned, pending: 10_000 - planned }),
      actions: done ? ['start', 'cancel'] : ['cancel'],
      ...(done ? {} : { dryRun: undefined }),
    });
  };
  const get = async (id: string) =>
    changed.get(id) ?? (id === 'simulated' ? dryRun() : fixed.get(id));

  return {
    ...fixed,
    get,
    create: async ({ title }) => {
      created = { at: Date.now(), title };
      return dryRun();
    },
    listDatasets: async (_, request) =>
      pageOf(
        all.filter(
          item =>
            (!request?.state || request.state.includes(item.state)) &&
            (!request?.owner || request.owner === item.owner) &&
            item.datasetRef.includes(request?.search ?? ''),
        ),
        request,
      ),
    act: async (id, action: CampaignAction) => {
      const { to } = campaignActions[action];
      const campaign: Campaign = {
        ...(await get(id)),
        state: to,
        actions: to === 'running' ? ['pause', 'cancel'] : ['resume', 'cancel'],
      };
      changed.set(id, campaign);
      return campaign;
    },
  };
}
