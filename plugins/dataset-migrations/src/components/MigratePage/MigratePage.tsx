import { stringifyEntityRef } from '@backstage/catalog-model';
import { Content, Header, Page } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { useParams } from 'react-router-dom';
import { useDataset } from '../../hooks/useDataset';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { CardSkeleton } from '../shared/CardSkeleton';
import { ErrorState } from '../shared/ErrorState';
import { MigrateForm } from './MigrateForm';

/** Where a migration of one dataset is looked at from all sides, and started. */
export function MigratePage() {
  const { kind = '', namespace = '', name = '' } = useParams();
  const datasetRef = stringifyEntityRef({ kind, namespace, name });
  const links = useMigrationLinks();
  const { value: dataset, error, refresh } = useDataset(datasetRef);
  return (
    <Page themeId="tool">
      <Header
        title={`Migrate ${dataset?.title ?? name}`}
        subtitle={
          <EntityRefLink
            entityRef={datasetRef}
            title="Back to the dataset"
            color="inherit"
            hideIcon
          />
        }
        type="Dataset migrations"
        typeLink={links.root}
      />
      <Content>
        {error && !dataset && (
          <ErrorState error={error} what="this dataset" onRetry={refresh} />
        )}
        {!error && !dataset && <CardSkeleton title="Plan" lines={6} />}
        {dataset && (
          // One form per visit and dataset: its idempotency key is its own.
          <MigrateForm key={datasetRef} dataset={dataset} onChanged={refresh} />
        )}
      </Content>
    </Page>
  );
}
