import { stringifyEntityRef } from '@backstage/catalog-model';
import { useParams } from 'react-router-dom';
import { useDataset } from '../../hooks/useDataset';
import { CardSkeleton } from '../shared/CardSkeleton';
import { ErrorState } from '../shared/ErrorState';
import { PageFrame } from '../shared/PageFrame';
import { MigrateForm } from './MigrateForm';

/** Where a migration of one dataset is looked at from all sides, and started. */
export function MigratePage() {
  const { kind = '', namespace = '', name = '' } = useParams();
  const datasetRef = stringifyEntityRef({ kind, namespace, name });
  const { value: dataset, error, refresh } = useDataset(datasetRef);
  return (
    <PageFrame
      title={`Migrate ${dataset?.title ?? name}`}
      datasetRef={datasetRef}
    >
      {error && !dataset && (
        <ErrorState error={error} what="this dataset" onRetry={refresh} />
      )}
      {!error && !dataset && <CardSkeleton title="Plan" lines={6} />}
      {dataset && (
        // One form per visit and dataset: its idempotency key is its own.
        <MigrateForm key={datasetRef} dataset={dataset} onChanged={refresh} />
      )}
    </PageFrame>
  );
}
