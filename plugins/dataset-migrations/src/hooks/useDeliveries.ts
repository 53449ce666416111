import { useApi } from '@backstage/core-plugin-api';
import {
  Delivery,
  ListDeliveriesRequest,
  Page,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

/** One page of the notifications of a migration. */
export function useDeliveries(
  request: ListDeliveriesRequest & { migrationId: string },
): Live<Page<Delivery>> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: JSON.stringify(request),
    load: ({ signal }) => api.listDeliveries(request, { signal }),
    concerns: changed => changed.migrationId === request.migrationId,
    isActive: page => page.items.some(item => item.state === 'pending'),
    keepPrevious: true,
  });
}
