import {
  CampaignAction,
  campaignActions,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { pipeline } from 'node:stream/promises';
import { listFailures } from '../database/operations/migrations/listFailures';
import { normalizeEntityRef } from '../datasets/entityRefs';
import { ApiContext, ApiRouter, callerOf } from './ApiContext';
import {
  actOnCampaign,
  createCampaign,
  readScope,
  showCampaign,
} from './campaignRequests';

/** Campaigns: create, look, and what may be done about one. */
export function addCampaignRoutes(
  router: ApiRouter,
  context: ApiContext,
): void {
  const { campaigns } = context.controlPlane;

  router.get('/campaigns', async (req, res) => {
    await readScope(context, await callerOf(context, req));
    res.json(await campaigns.list(req.query));
  });

  router.post('/campaigns', async (req, res) => {
    const credentials = await callerOf(context, req);
    const campaign = await createCampaign(
      context,
      { credentials, request: req },
      { request: req.body, idempotencyKey: req.header('idempotency-key') },
    );
    res.status(202).json(campaign);
  });

  router.get('/campaigns/:id', async (req, res) => {
    const credentials = await callerOf(context, req);
    res.json(await showCampaign(context, credentials, req.params.id));
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
    const { id } = await campaigns.get(req.params.id, scope);
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
      const campaign = await actOnCampaign(
        context,
        { credentials, request: req },
        { id, action },
      );
      res.status(202).json(campaign);
    });
  }

  router.get('/failures', async (req, res) => {
    const scope = await readScope(context, await callerOf(context, req));
    res.json({ items: await listFailures(context.knex, req.query, scope) });
  });
}
