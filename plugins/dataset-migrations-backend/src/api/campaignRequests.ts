import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  Campaign,
  CampaignAction,
  campaignManagePermission,
  CreateCampaignRequest,
  datasetMigratePermission,
  datasetReadPermission,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { DatasetScope } from '../permissions/filterDatasets';
import { Initiator } from '../permissions/initiators';
import { ApiContext, audited, Caller } from './ApiContext';

/* What may be asked of campaigns, by the routes and by the actions. */

/**
 * @throws NotAllowedError without `dataset.campaign.manage`; else as
 *   `CampaignService.create` does
 */
export async function createCampaign(
  context: ApiContext,
  caller: Caller,
  options: { request: CreateCampaignRequest; idempotencyKey?: string },
): Promise<Campaign> {
  const { title, selection } = options.request;
  return audited(
    context,
    {
      eventId: 'campaign-create',
      severityLevel: 'medium',
      caller,
      meta: { title, selection: { ...selection } },
    },
    async () =>
      context.controlPlane.campaigns.create({
        ...options,
        initiator: await managerOf(context, caller),
      }),
  );
}

/**
 * @throws NotAllowedError without `dataset.campaign.manage`; else as
 *   `CampaignService.act` does
 */
export async function actOnCampaign(
  context: ApiContext,
  caller: Caller,
  options: { id: string; action: CampaignAction },
): Promise<Campaign> {
  const { id, action } = options;
  return audited(
    context,
    {
      eventId: `campaign-${action}`,
      severityLevel: 'medium',
      caller,
      meta: { campaignId: id },
    },
    async () =>
      context.controlPlane.campaigns.act(
        id,
        action,
        await managerOf(context, caller),
      ),
  );
}

/**
 * A campaign with the actions that the caller may take.
 *
 * @throws NotFoundError; NotAllowedError for who may see no dataset
 */
export async function showCampaign(
  context: ApiContext,
  credentials: BackstageCredentials,
  id: string,
): Promise<Campaign> {
  const scope = await readScope(context, credentials);
  const campaign = await context.controlPlane.campaigns.get(id, scope);
  const mayManage = await context.authorizer.allowsBasic(
    credentials,
    campaignManagePermission,
  );
  return mayManage ? campaign : { ...campaign, actions: [] };
}

/** @throws NotAllowedError for who may see no dataset */
export function readScope(
  { authorizer }: ApiContext,
  credentials: BackstageCredentials,
): Promise<DatasetScope> {
  return authorizer.someScope(credentials, datasetReadPermission);
}

async function managerOf(
  { authorizer, initiators }: ApiContext,
  { credentials }: Caller,
): Promise<Initiator> {
  await authorizer.requireBasic(credentials, campaignManagePermission);
  return initiators.capture(
    credentials,
    await authorizer.decide(credentials, datasetMigratePermission),
  );
}
