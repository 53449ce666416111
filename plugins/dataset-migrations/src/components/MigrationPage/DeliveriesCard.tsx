import { InfoCard } from '@backstage/core-components';
import { Migration } from '@skein/backstage-plugin-dataset-migrations-common';
import { useCursorStack } from '../../hooks/useCursorStack';
import { useDeliveries } from '../../hooks/useDeliveries';
import { ErrorState } from '../shared/ErrorState';
import { PageSwitcher } from '../shared/PageSwitcher';
import { StaleNotice } from '../shared/StaleNotice';
import { DeliveriesTable } from './DeliveriesTable';

const PAGE_SIZE = 25;

/** What consumers and owners were told: what arrived, what is tried again, what is dead. */
export function DeliveriesCard(props: { migration: Migration }) {
  const { id, datasetRef } = props.migration;
  const pages = useCursorStack();
  const live = useDeliveries({
    migrationId: id,
    cursor: pages.cursor,
    limit: PAGE_SIZE,
  });
  const { value: page, error, refresh } = live;
  if (page?.totalItems === 0 && !error) {
    return null;
  }
  return (
    <InfoCard
      title="Deliveries"
      subheader="What consumers and owners were told. It never holds up the migration."
      noPadding
    >
      {error && !page ? (
        <ErrorState error={error} what="the deliveries" onRetry={refresh} />
      ) : (
        <>
          <StaleNotice error={error} onRetry={refresh} />
          <DeliveriesTable
            datasetRef={datasetRef}
            deliveries={page?.items}
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
