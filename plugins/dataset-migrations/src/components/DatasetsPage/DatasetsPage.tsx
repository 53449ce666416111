import { useParams } from 'react-router-dom';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { PageFrame } from '../shared/PageFrame';
import { portalTabs } from '../shared/portalTabs';
import { QueueStrip } from '../shared/QueueStrip';
import { DatasetsList } from './DatasetsList';
import { MigrationsList } from './MigrationsList';

/** Every dataset and every migration of the portal, and how busy the workers are. */
export function DatasetsPage() {
  const links = useMigrationLinks();
  const isMigrations = useParams()['*'] === 'migrations';
  return (
    <PageFrame
      title="Dataset migrations"
      description="Datasets, their versions, and their way from one to the next"
      tabs={portalTabs(links)}
      activeTab={isMigrations ? 'migrations' : 'datasets'}
    >
      <QueueStrip />
      {isMigrations ? <MigrationsList /> : <DatasetsList />}
    </PageFrame>
  );
}
