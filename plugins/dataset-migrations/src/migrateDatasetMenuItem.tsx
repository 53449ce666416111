import { stringifyEntityRef } from '@backstage/catalog-model';
import SyncAltIcon from '@material-ui/icons/SyncAlt';
import { useEntity } from '@backstage/plugin-catalog-react';
import { EntityContextMenuItemBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { isDataset } from './entities';
import { useCanMigrate } from './hooks/useCanMigrate';
import { useMigrationLinks } from './hooks/useMigrationLinks';

/** *Migrate dataset* in the menu of a dataset's page. */
export const migrateDatasetMenuItem = EntityContextMenuItemBlueprint.make({
  name: 'migrate-dataset',
  params: {
    icon: <SyncAltIcon style={{ fontSize: 16 }} />,
    filter: isDataset,
    useProps: () => {
      const { entity } = useEntity();
      const datasetRef = stringifyEntityRef(entity);
      const { allowed } = useCanMigrate(datasetRef);
      const links = useMigrationLinks();
      return {
        title: 'Migrate dataset',
        href: links.migrate(datasetRef),
        disabled: !allowed,
      };
    },
  },
});
