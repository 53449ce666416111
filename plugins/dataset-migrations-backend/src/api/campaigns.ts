import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  Campaign,
  CampaignAction,
  campaignActions,
  campaignManagePermission,
  datasetMigratePermission,
  datasetReadPermission,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { pipeline } from 'node:stream/promises';
import { listFailures } from '../database/operations/migrations/listFailures';
import { normalizeEntityRef } from '../datasets/entityRefs';
import { DatasetScope } from '../permissions/filterDatasets';
import { ApiContext, ApiRouter, audited, callerOf } from './ApiContext';

/** Campaigns: create, look, and what may be done about one. */
export function addCampaignRoutes(
  router: ApiRouter,
  context: ApiContext,
): void {
  const { authorizer } = context;
  const { campaigns } = context.controlPlane;

  router.get('/campaigns', async (req, res) => {
    await readScope(context, await callerOf(context, req));
    res.json(await campaigns.list(req.query));
  });

  router.post('/campaigns', async (req, res) => {
    const credentials = await callerOf(context, req);
    const { title, selection } = req.body;
    const campaign = await audited(
      context,
      {
        eventId: 'campaign-create',
        severityLevel: 'medium',
        request: req,
        meta: { title, selection: { ...selection } },
      },
      async () => {
        await authorizer.requireBasic(credentials, campaignManagePermission);
        return campaigns.create({
          request: req.body,
          initiator: await context.initiators.capture(
            credentials,
            await authorizer.decide(credentials, datasetMigratePermission),
          ),
          idempotencyKey: req.header('idempotency-key'),
        });
      },
    );
    res.status(202).json(campaign);
  });

  router.get('/campaigns/:id', async (req, res) => {
    const credentials = await callerOf(context, req);
    await readScope(context, credentials);
    const campaign = await campaigns.get(req.params.id);
    res.json(await forCaller(context, credentials, campaign));
  });

  router.get('/campaigns/:id/datasets', async (req, res) => {
    const scope = await readScope(context, await callerOf(context, req));
    const { owner, ...query } = req.query;
    const request = {
      ...query,
      owner: owner && normalizeEntityRef(owner, 'owner'),
    };
    res.json(await campaigns.datasets(req.params.id, request, scope));
  });

  router.get('/campaigns/:id/datasets.csv', async (req, res) => {
    const scope = await readScope(context, await callerOf(context, req));
    const { id } = await campaigns.get(req.params.id);
    res
      .type('text/csv')
      .attachment(`campaign-${id}.csv`)
      .setHeader('X-Content-Type-Options', 'nosniff');
    await pipeline(campaigns.csv(id, scope), res);
  });

  for (const action of Object.keys(campaignActions) as CampaignAction[]) {
    router.post(`/campaigns/:id/${action}`, async (req, res) => {
      const credentials = await callerOf(context, req);
      const { id } = req.params;
      const campaign = await audited(
        context,
        {
          eventId: `campaign-${action}`,
          severityLevel: 'medium',
          request: req,
          meta: { campaignId: id },
        },
        async () => {
          await authorizer.requireBasic(credentials, campaignManagePermission);
          const by = await context.initiators.capture(
            credentials,
            await authorizer.decide(credentials, datasetMigratePermission),
          );
          return campaigns.act(id, action, by);
        },
      );
      res.status(202).json(campaign);
    });
  }

  router.get('/failures', async (req, res) => {
    const scope = await readScope(context, await callerOf(context, req));
    res.json({ items: await listFailures(context.knex, req.query, scope) });
  });
}

function readScope(
  { authorizer }: ApiContext,
  credentials: BackstageCredentials,
): Promise<DatasetScope> {
  return authorizer.someScope(credentials, datasetReadPermission);
}

/** With the actions that the caller may take. */
async function forCaller(
  { authorizer }: ApiContext,
  credentials: BackstageCredentials,
  campaign: Campaign,
): Promise<Campaign> {
  const mayManage = await authorizer.allowsBasic(
    credentials,
    campaignManagePermission,
  );
  return mayManage ? campaign : { ...campaign, actions: [] };
}
