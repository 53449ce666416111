import StorageIcon from '@material-ui/icons/Storage';
import {
  ApiBlueprint,
  createFrontendPlugin,
  discoveryApiRef,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { FormFieldBlueprint } from '@backstage/plugin-scaffolder-react/alpha';
import { DatasetMigrationsClient } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from './api';
import { isDataset, isDatasetConsumer } from './entities';
import { migrateDatasetMenuItem } from './migrateDatasetMenuItem';
import {
  campaignRouteRef,
  createCampaignRouteRef,
  fleetRouteRef,
  migrateDatasetRouteRef,
  migrationRouteRef,
  rootRouteRef,
} from './routes';

const api = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: datasetMigrationsApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new DatasetMigrationsClient(deps),
    }),
});

const page = PageBlueprint.make({
  params: {
    path: '/dataset-migrations',
    // Also the name in the sidebar, which is narrow.
    title: 'Datasets',
    icon: <StorageIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
    loader: () =>
      import('./components/PortalRouter').then(m => <m.PortalRouter />),
  },
});

const migrationsTab = EntityContentBlueprint.make({
  name: 'migrations',
  params: {
    path: '/migrations',
    title: 'Migrations',
    filter: isDataset,
    loader: () =>
      import('./components/MigrationsTab').then(m => <m.MigrationsTab />),
  },
});

const consumersTab = EntityContentBlueprint.make({
  name: 'consumers',
  params: {
    path: '/consumers',
    title: 'Consumers',
    filter: isDataset,
    loader: () =>
      import('./components/ConsumersTab').then(m => <m.ConsumersTab />),
  },
});

const consumedDatasetsTab = EntityContentBlueprint.make({
  name: 'datasets',
  params: {
    path: '/datasets',
    title: 'Datasets',
    filter: isDatasetConsumer,
    loader: () =>
      import('./components/ConsumedDatasetsTab').then(m => (
        <m.ConsumedDatasetsTab />
      )),
  },
});

const datasetCard = EntityCardBlueprint.make({
  name: 'dataset',
  params: {
    filter: isDataset,
    loader: () =>
      import('./components/DatasetCard').then(m => <m.DatasetCard />),
  },
});

const consumerAlertCard = EntityCardBlueprint.make({
  name: 'consumer',
  params: {
    filter: isDatasetConsumer,
    loader: () =>
      import('./components/ConsumerAlertCard').then(m => (
        <m.ConsumerAlertCard />
      )),
  },
});

const datasetVersionPicker = FormFieldBlueprint.make({
  name: 'dataset-version-picker',
  params: {
    field: () =>
      import('./components/DatasetVersionPicker/formField').then(
        m => m.datasetVersionPickerFormField,
      ),
  },
});

/**
 * The pages, tabs and cards of dataset migrations, and the field that picks a
 * version in scaffolder templates, for apps on the new frontend
 * system.
 *
 * @public
 */
export const datasetMigrationsPlugin = createFrontendPlugin({
  pluginId: 'dataset-migrations',
  title: 'Dataset migrations',
  icon: <StorageIcon fontSize="inherit" />,
  info: { packageJson: () => import('../package.json') },
  routes: {
    root: rootRouteRef,
    migrateDataset: migrateDatasetRouteRef,
    migration: migrationRouteRef,
    fleet: fleetRouteRef,
    createCampaign: createCampaignRouteRef,
    campaign: campaignRouteRef,
  },
  extensions: [
    api,
    page,
    migrationsTab,
    consumersTab,
    consumedDatasetsTab,
    datasetCard,
    consumerAlertCard,
    migrateDatasetMenuItem,
    datasetVersionPicker,
  ],
});
