// eslint-disable-next-line @backstage/no-ui-css-imports-in-non-frontend -- this is the app
import '@backstage/ui/css/styles.css';
import ReactDOM from 'react-dom/client';
import { ConfigReader } from '@backstage/config';
import { InMemoryCatalogClient } from '@backstage/catalog-client/testUtils';
import { createApp } from '@backstage/frontend-defaults';
import {
  createFrontendModule,
  ApiBlueprint,
} from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { datasetMigrationsApiRef } from '../src';
import datasetMigrationsPlugin from '../src';
import { entities } from './catalog';
import { simulatedApi } from './simulation';

const fakes = [
  createFrontendModule({
    pluginId: 'catalog',
    extensions: [
      ApiBlueprint.make({
        params: defineParams =>
          defineParams({
            api: catalogApiRef,
            deps: {},
            factory: () => new InMemoryCatalogClient({ entities }),
          }),
      }),
    ],
  }),
  createFrontendModule({
    pluginId: 'dataset-migrations',
    extensions: [
      ApiBlueprint.make({
        params: defineParams =>
          defineParams({
            api: datasetMigrationsApiRef,
            deps: {},
            factory: simulatedApi,
          }),
      }),
    ],
  }),
];

const app = createApp({
  advanced: {
    configLoader: async () => ({
      config: new ConfigReader({
        app: {
          title: 'Skein',
          baseUrl: window.location.origin,
          // Everybody is a guest here.
          extensions: [{ 'sign-in-page:app': false }],
        },
        backend: { baseUrl: window.location.origin },
      }),
    }),
  },
  features: [catalogPlugin, datasetMigrationsPlugin, ...fakes],
});

ReactDOM.createRoot(document.getElementById('root')!).render(app.createRoot());
