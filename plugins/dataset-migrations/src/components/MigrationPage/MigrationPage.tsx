import { Content, Header, Page } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { parseEntityRef } from '@backstage/catalog-model';
import { useParams } from 'react-router-dom';
import { useMigration } from '../../hooks/useMigration';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { CardSkeleton } from '../shared/CardSkeleton';
import { ErrorState } from '../shared/ErrorState';
import { StaleNotice } from '../shared/StaleNotice';
import { MigrationView } from './MigrationView';

/** One migration, live: where it stands, what it found, what can be done about it. */
export function MigrationPage() {
  const { id } = useParams();
  const links = useMigrationLinks();
  const live = useMigration(id);
  const { value: migration, error, refresh } = live;
  return (
    <Page themeId="tool">
      <Header
        title={
          migration
            ? `${parseEntityRef(migration.datasetRef).name} ${
                migration.fromVersion
              } → ${migration.toVersion}`
            : 'Migration'
        }
        subtitle={
          migration && (
            <EntityRefLink
              entityRef={migration.datasetRef}
              title="Back to the dataset"
              color="inherit"
              hideIcon
            />
          )
        }
        type="Dataset migrations"
        typeLink={links.root}
      />
      <Content>
        {error && !migration && (
          <ErrorState error={error} what="this migration" onRetry={refresh} />
        )}
        {!error && !migration && <CardSkeleton lines={6} />}
        {migration && (
          <>
            <StaleNotice error={error} onRetry={refresh} />
            <MigrationView migration={migration} onUpdated={live.replace} />
          </>
        )}
      </Content>
    </Page>
  );
}
