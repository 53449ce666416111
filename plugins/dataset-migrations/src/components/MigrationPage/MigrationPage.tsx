import { parseEntityRef } from '@backstage/catalog-model';
import { Migration } from '@skein/backstage-plugin-dataset-migrations-common';
import { useParams } from 'react-router-dom';
import { useMigration } from '../../hooks/useMigration';
import { CardSkeleton } from '../shared/CardSkeleton';
import { ErrorState } from '../shared/ErrorState';
import { PageFrame } from '../shared/PageFrame';
import { StaleNotice } from '../shared/StaleNotice';
import { MigrationView } from './MigrationView';

/** One migration, live: where it stands, what it found, what can be done about it. */
export function MigrationPage() {
  const { id } = useParams();
  const { value: migration, error, refresh, replace } = useMigration(id);
  return (
    <PageFrame title={titleOf(migration)} datasetRef={migration?.datasetRef}>
      {error && !migration && (
        <ErrorState error={error} what="this migration" onRetry={refresh} />
      )}
      {!error && !migration && <CardSkeleton lines={6} />}
      {migration && (
        <>
          <StaleNotice error={error} onRetry={refresh} />
          <MigrationView migration={migration} onUpdated={replace} />
        </>
      )}
    </PageFrame>
  );
}

function titleOf(migration: Migration | undefined): string {
  if (!migration) {
    return 'Migration';
  }
  const { datasetRef, fromVersion, toVersion } = migration;
  return `${parseEntityRef(datasetRef).name} ${fromVersion} → ${toVersion}`;
}
