import { Content, Header, HeaderTabs, Page } from '@backstage/core-components';
import { Link, useParams } from 'react-router-dom';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { DatasetsList } from './DatasetsList';
import { MigrationsList } from './MigrationsList';
import { QueueStrip } from './QueueStrip';

/** Every dataset and every migration of the portal, and how busy the workers are. */
export function DatasetsPage() {
  const { root } = useMigrationLinks();
  const isMigrations = useParams()['*'] === 'migrations';
  return (
    <Page themeId="tool">
      <Header
        title="Dataset migrations"
        subtitle="Datasets, their versions, and their way from one to the next"
      />
      <HeaderTabs
        selectedIndex={isMigrations ? 1 : 0}
        tabs={[
          {
            id: 'datasets',
            label: 'Datasets',
            tabProps: { component: Link, to: root },
          },
          {
            id: 'migrations',
            label: 'Migrations',
            tabProps: { component: Link, to: `${root}/migrations` },
          },
        ]}
      />
      <Content>
        <QueueStrip />
        {isMigrations ? <MigrationsList /> : <DatasetsList />}
      </Content>
    </Page>
  );
}
