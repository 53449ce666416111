import { useEntity } from '@backstage/plugin-catalog-react';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { EmptyState, InfoCard } from '@backstage/core-components';
import Grid from '@material-ui/core/Grid';
import { useDataset } from '../../hooks/useDataset';
import { useMigrations } from '../../hooks/useMigrations';
import { useCursorStack } from '../../hooks/useCursorStack';
import { DatasetProblems } from '../shared/DatasetProblems';
import { ErrorState } from '../shared/ErrorState';
import { MigrateButton } from '../shared/MigrateButton';
import { MigrationsTable } from '../shared/MigrationsTable';
import { PageSwitcher } from '../shared/PageSwitcher';
import { StaleNotice } from '../shared/StaleNotice';
import { ActiveMigrationCard } from './ActiveMigrationCard';

const PAGE_SIZE = 20;

/** What happened to a dataset so far, and what is happening to it now. */
export function MigrationsTab() {
  const { entity } = useEntity();
  const datasetRef = stringifyEntityRef(entity);
  const dataset = useDataset(datasetRef);
  const pages = useCursorStack();
  const history = useMigrations({
    datasetRef,
    cursor: pages.cursor,
    limit: PAGE_SIZE,
  });
  const page = history.value;

  if (history.error && !page) {
    return (
      <ErrorState
        error={history.error}
        what="the migrations of this dataset"
        onRetry={history.refresh}
      />
    );
  }
  const active = dataset.value?.activeMigration;
  if (page?.totalItems === 0 && !active) {
    return (
      <EmptyState
        missing="content"
        title="This dataset has not been migrated yet"
        description={
          <>
            A migration moves the data from one version of its contract to the
            next: it judges everyone who reads it, writes the new version beside
            the live data, compares the two row for row, and only then switches.
            It can be cancelled, retried and rolled back.
          </>
        }
        action={
          <>
            <DatasetProblems problems={dataset.value?.problems ?? []} />
            <MigrateButton datasetRef={datasetRef} />
          </>
        }
      />
    );
  }
  return (
    <Grid container spacing={3}>
      {active && (
        <Grid item xs={12}>
          <ActiveMigrationCard id={active.id} />
        </Grid>
      )}
      <Grid item xs={12}>
        <StaleNotice error={history.error} onRetry={history.refresh} />
        <InfoCard
          title="History"
          noPadding
          action={
            active ? undefined : (
              <MigrateButton datasetRef={datasetRef} variant="outlined" />
            )
          }
        >
          <MigrationsTable
            // The active one stands above, live.
            migrations={page?.items.filter(item => item.id !== active?.id)}
            empty="No migration has ended yet."
          />
          {page && (
            <PageSwitcher pages={pages} pageSize={PAGE_SIZE} shown={page} />
          )}
        </InfoCard>
      </Grid>
    </Grid>
  );
}
