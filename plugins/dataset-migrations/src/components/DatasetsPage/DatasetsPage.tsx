import { useParams } from 'react-router-dom';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { PageFrame } from '../shared/PageFrame';
import { DatasetsList } from './DatasetsList';
import { MigrationsList } from './MigrationsList';
import { QueueStrip } from './QueueStrip';

/** Every dataset and every migration of the portal, and how busy the workers are. */
export function DatasetsPage() {
  const { root } = useMigrationLinks();
  const isMigrations = useParams()['*'] === 'migrations';
  return (
    <PageFrame
      title="Dataset migrations"
      description="Datasets, their versions, and their way from one to the next"
      tabs={[
        { id: 'datasets', label: 'Datasets', href: root },
        { id: 'migrations', label: 'Migrations', href: `${root}/migrations` },
      ]}
      activeTab={isMigrations ? 'migrations' : 'datasets'}
    >
      <QueueStrip />
      {isMigrations ? <MigrationsList /> : <DatasetsList />}
    </PageFrame>
  );
}
