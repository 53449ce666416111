import { InfoCard } from '@backstage/core-components';
import { ListDeliveriesRequest } from '@skein/backstage-plugin-dataset-migrations-common';
import { useCursorStack } from '../../hooks/useCursorStack';
import { useDeliveries } from '../../hooks/useDeliveries';
import { DeliveriesTable } from './DeliveriesTable';
import { ErrorState } from './ErrorState';
import { PageSwitcher } from './PageSwitcher';
import { StaleNotice } from './StaleNotice';

const PAGE_SIZE = 25;

/**
 * What was told of a migration or a campaign: what arrived, what is tried again,
 * what is dead. Nothing where nobody was told, or until that is known.
 */
export function DeliveriesCard(props: {
  of: Pick<ListDeliveriesRequest, 'migrationId' | 'campaignId'>;
  subheader: string;
  mayRedeliver: boolean;
  /** Whether more may come without a signal. */
  expected?: boolean;
}) {
  const { of, subheader, mayRedeliver, expected = false } = props;
  const pages = useCursorStack();
  const live = useDeliveries(
    { ...of, cursor: pages.cursor, limit: PAGE_SIZE },
    expected,
  );
  const { value: page, error, refresh } = live;
  if (!page?.totalItems && !error) {
    return null;
  }
  return (
    <InfoCard title="Deliveries" subheader={subheader} noPadding>
      {error && !page ? (
        <ErrorState error={error} what="the deliveries" onRetry={refresh} />
      ) : (
        <>
          <StaleNotice error={error} onRetry={refresh} />
          <DeliveriesTable
            deliveries={page?.items}
            mayRedeliver={mayRedeliver}
            onChanged={refresh}
          />
          {page && (
            <PageSwitcher pages={pages} pageSize={PAGE_SIZE} shown={page} />
          )}
        </>
      )}
    </InfoCard>
  );
}
