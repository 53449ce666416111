import {
  campaignManagePermission,
  datasetReadPermission,
  datasetRedeliverPermission,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { normalizeEntityRef } from '../datasets/entityRefs';
import { ApiContext, ApiRouter, audited, callerOf } from './ApiContext';

/** Notifications about migrations and campaigns. */
export function addDeliveryRoutes(
  router: ApiRouter,
  context: ApiContext,
): void {
  const { authorizer, deliveries, outbox } = context;

  router.get('/deliveries', async (req, res) => {
    const credentials = await callerOf(context, req);
    const scope = await authorizer.scope(credentials, datasetReadPermission);
    const { consumerRef, ...query } = req.query;
    const request = {
      ...query,
      consumerRef:
        consumerRef && normalizeEntityRef(consumerRef, 'consumerRef'),
    };
    res.json(await deliveries.list(request, scope));
  });

  router.post('/deliveries/:id/redeliver', async (req, res) => {
    const credentials = await callerOf(context, req);
    const { id } = req.params;
    const found = await deliveries.find(id);
    await audited(
      context,
      {
        eventId: 'delivery-redeliver',
        severityLevel: 'medium',
        request: req,
        meta: {
          deliveryId: id,
          datasetRef: found?.datasetRef,
          migrationId: found?.migrationId,
          campaignId: found?.campaignId,
          consumerRef: found?.consumerRef,
          kind: found?.kind,
        },
      },
      async () => {
        const { datasetRef } = await deliveries.get(id);
        if (datasetRef === undefined) {
          await authorizer.requireBasic(credentials, campaignManagePermission);
        } else {
          await authorizer.require(
            credentials,
            datasetRedeliverPermission,
            datasetRef,
          );
        }
        await outbox.redeliver(id);
      },
    );
    const {
      body: _event,
      redeliveries: _count,
      toldTo: _follower,
      ...delivery
    } = await deliveries.get(id);
    res.status(202).json(delivery);
  });
}
