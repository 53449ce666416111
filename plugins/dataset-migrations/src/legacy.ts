/**
 * The same pages, tabs and cards for apps on the old frontend system.
 *
 * @packageDocumentation
 */
import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { createScaffolderFieldExtension } from '@backstage/plugin-scaffolder-react';
import { DatasetMigrationsClient } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from './api';
import {
  datasetVersionPickerOptions,
  datasetVersionPickerSchema,
} from './components/DatasetVersionPicker';
import {
  campaignRouteRef,
  createCampaignRouteRef,
  fleetRouteRef,
  migrateDatasetRouteRef,
  migrationRouteRef,
  rootRouteRef,
} from './routes';

export { datasetMigrationsApiRef } from './api';
export { isDataset, isDatasetConsumer } from './entities';
export {
  campaignRouteRef,
  createCampaignRouteRef,
  fleetRouteRef,
  migrateDatasetRouteRef,
  migrationRouteRef,
  rootRouteRef,
} from './routes';

/** @public */
export const datasetMigrationsPlugin = createPlugin({
  id: 'dataset-migrations',
  apis: [
    createApiFactory({
      api: datasetMigrationsApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new DatasetMigrationsClient(deps),
    }),
  ],
  routes: {
    root: rootRouteRef,
    migrateDataset: migrateDatasetRouteRef,
    migration: migrationRouteRef,
    fleet: fleetRouteRef,
    createCampaign: createCampaignRouteRef,
    campaign: campaignRouteRef,
  },
});

/** The pages; mount them at `/dataset-migrations`. @public */
export const DatasetMigrationsPage = datasetMigrationsPlugin.provide(
  createRoutableExtension({
    name: 'DatasetMigrationsPage',
    component: () =>
      import('./components/DatasetMigrationsRouter').then(
        m => m.DatasetMigrationsRouter,
      ),
    mountPoint: rootRouteRef,
  }),
);

/** Content of the tab *Migrations* of a dataset. @public */
export const EntityMigrationsContent = datasetMigrationsPlugin.provide(
  createComponentExtension({
    name: 'EntityMigrationsContent',
    component: {
      lazy: () =>
        import('./components/MigrationsTab').then(m => m.MigrationsTab),
    },
  }),
);

/** Content of the tab *Consumers* of a dataset. @public */
export const EntityConsumersContent = datasetMigrationsPlugin.provide(
  createComponentExtension({
    name: 'EntityConsumersContent',
    component: {
      lazy: () => import('./components/ConsumersTab').then(m => m.ConsumersTab),
    },
  }),
);

/** Content of the tab *Datasets* of whoever reads datasets. @public */
export const EntityConsumedDatasetsContent = datasetMigrationsPlugin.provide(
  createComponentExtension({
    name: 'EntityConsumedDatasetsContent',
    component: {
      lazy: () =>
        import('./components/ConsumedDatasetsTab').then(
          m => m.ConsumedDatasetsTab,
        ),
    },
  }),
);

/** Card for the overview of a dataset. @public */
export const EntityDatasetCard = datasetMigrationsPlugin.provide(
  createComponentExtension({
    name: 'EntityDatasetCard',
    component: {
      lazy: () => import('./components/DatasetCard').then(m => m.DatasetCard),
    },
  }),
);

/** Card for the overview of whoever reads datasets. @public */
export const EntityDatasetConsumerCard = datasetMigrationsPlugin.provide(
  createComponentExtension({
    name: 'EntityDatasetConsumerCard',
    component: {
      lazy: () =>
        import('./components/ConsumerAlertCard').then(m => m.ConsumerAlertCard),
    },
  }),
);

/**
 * The field `DatasetVersionPicker` of scaffolder templates; put it into
 * `ScaffolderFieldExtensions`.
 *
 * @public
 */
export const DatasetVersionPickerFieldExtension =
  datasetMigrationsPlugin.provide(
    createScaffolderFieldExtension({
      ...datasetVersionPickerOptions,
      schema: datasetVersionPickerSchema.schema,
    }),
  );
