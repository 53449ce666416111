import { ReactElement } from 'react';
import { Entity } from '@backstage/catalog-model';
import {
  catalogApiRef,
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { SignalApi, signalApiRef } from '@backstage/plugin-signals-react';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/test-utils';
import { StylesProvider } from '@material-ui/core/styles';
import { DatasetMigrationsApi } from '@skein/backstage-plugin-dataset-migrations-common';
import { Route, Routes, useLocation } from 'react-router-dom';
import { datasetMigrationsApiRef } from '../api';
import { DatasetMigrationsRouter } from '../components/DatasetMigrationsRouter';
import { rootRouteRef } from '../routes';

export interface RenderOptions {
  api: DatasetMigrationsApi;
  /** Names of permissions that the user lacks. */
  denied?: string[];
  signals?: SignalApi;
}

const ROOT = '/dataset-migrations';

/** Where the page has gone, for tests to read. */
function Address() {
  const { pathname, search } = useLocation();
  return <div data-testid="address">{`${pathname}${search}`}</div>;
}

/**
 * Renders anything at an address of an app with the catalog and these pages.
 * Without style sheets, which no test asks for: against them jsdom would hold
 * every element whose role or name is looked at, most of a page's time.
 */
export function renderAt(
  element: ReactElement,
  address: string,
  options: RenderOptions,
) {
  const { api, denied = [], signals } = options;
  return renderInTestApp(
    <StylesProvider disableGeneration>
      <TestApiProvider
        apis={[
          [datasetMigrationsApiRef, api],
          [catalogApiRef, catalogApiMock()],
          [
            permissionApiRef,
            mockApis.permission({
              authorize: ({ permission }) =>
                denied.includes(permission.name)
                  ? AuthorizeResult.DENY
                  : AuthorizeResult.ALLOW,
            }),
          ],
          ...(signals ? [[signalApiRef, signals] as const] : []),
        ]}
      >
        {element}
        <Address />
      </TestApiProvider>
    </StylesProvider>,
    {
      routeEntries: [address],
      mountedRoutes: {
        [ROOT]: rootRouteRef,
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      },
    },
  );
}

/** Renders the pages at an address below the plugin's root. */
export function renderPage(path: string, options: RenderOptions) {
  return renderAt(
    <Routes>
      <Route path={`${ROOT}/*`} element={<DatasetMigrationsRouter />} />
    </Routes>,
    `${ROOT}${path}`,
    options,
  );
}

/** Renders a tab or card of an entity's page. */
export function renderOnEntity(
  element: ReactElement,
  entity: Entity,
  options: RenderOptions,
) {
  return renderAt(
    <EntityProvider entity={entity}>{element}</EntityProvider>,
    '/',
    options,
  );
}
