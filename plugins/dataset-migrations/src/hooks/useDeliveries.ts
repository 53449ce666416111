import { useApi } from '@backstage/core-plugin-api';
import {
  Delivery,
  ListDeliveriesRequest,
  Page,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { LIST_BEAT_MS } from './lists';
import { Live, useLive } from './useLive';

/**
 * One page of the notifications of a migration or a campaign.
 *
 * @param expected - whether more may come without a signal
 */
export function useDeliveries(
  request: ListDeliveriesRequest,
  expected: boolean,
): Live<Page<Delivery>> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    // Another one once no more are expected: the last come with the end.
    key: JSON.stringify([request, expected]),
    load: ({ signal }) => api.listDeliveries(request, { signal }),
    concerns: changed => changed.migrationId === request.migrationId,
    isActive: page =>
      expected || page.items.some(item => item.state === 'pending'),
    keepPrevious: true,
    pollMs: expected ? LIST_BEAT_MS : undefined,
  });
}
