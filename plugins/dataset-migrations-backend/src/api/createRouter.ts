import { createValidatedOpenApiRouterFromGeneratedEndpointMap } from '@backstage/backend-openapi-utils';
import express, { Router } from 'express';
import { spec } from '../schema/openapi.generated';
import { ApiContext } from './ApiContext';
import { addAcceptedChangeRoutes } from './acceptedChanges';
import { addCampaignRoutes } from './campaigns';
import { addConsumerRoutes } from './consumers';
import { addDatasetRoutes } from './datasets';
import { addDeliveryRoutes } from './deliveries';
import { describeInvalidRequest } from './describeInvalidRequest';
import { Endpoints } from './endpoints';
import { addLineageRoutes } from './lineage';
import { hideSecrets } from './hideSecrets';
import { limitChanges, tellWhenToGoOn } from './limitChanges';
import { addMigrationRoutes } from './migrations';
import { addPlanRoutes } from './plans';
import { addPreflightRoutes } from './preflights';
import { addPreviewRoutes } from './previews';
import { addQueueRoutes } from './queue';
import { addReachRoutes } from './reach';
import { addReadinessRoutes } from './readiness';
import { addSubscriptionRoutes } from './subscriptions';
import { addWebhookRoutes } from './webhooks';

/**
 * Contracts come from the catalog; only a campaign may name many datasets, and an
 * override many consumers, and an event many columns.
 */
const MAX_BODY = '64kb';
const MAX_LIST_BODY = '4mb';
const MAX_LINEAGE_BODY = '1mb';

/**
 * The REST API. Requests are checked against `openapi.yaml` before any handler
 * sees them.
 */
export function createRouter(context: ApiContext): Router {
  const router =
    createValidatedOpenApiRouterFromGeneratedEndpointMap<Endpoints>(spec, {
      middleware: [
        // What one has parsed the other leaves alone.
        Router().post(
          ['/campaigns', '/migrations/:id/override'],
          express.json({ limit: MAX_LIST_BODY }),
        ),
        Router().post(
          '/consumers/:kind/:namespace/:name/lineage',
          express.json({ limit: MAX_LINEAGE_BODY }),
        ),
        express.json({ limit: MAX_BODY }),
      ],
    });
  addDatasetRoutes(router, context);
  addAcceptedChangeRoutes(router, context);
  addReachRoutes(router, context);
  addSubscriptionRoutes(router, context);
  addConsumerRoutes(router, context);
  addLineageRoutes(router, context);
  addPlanRoutes(router, context);
  addPreviewRoutes(router, context);
  addPreflightRoutes(router, context);
  addMigrationRoutes(router, context);
  addReadinessRoutes(router, context);
  addCampaignRoutes(router, context);
  addDeliveryRoutes(router, context);
  addWebhookRoutes(router, context);
  addQueueRoutes(router, context);
  router.use(describeInvalidRequest);
  // Before the validator, which makes its own of every error that comes before it.
  return Router().use(
    limitChanges(context),
    router,
    tellWhenToGoOn,
    hideSecrets,
  );
}
