import { Entity } from '@backstage/catalog-model';
import {
  ApiBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import {
  createExtensionTester,
  renderTestApp,
} from '@backstage/frontend-test-utils';
import {
  catalogApiMock,
  createTestEntityPage,
} from '@backstage/plugin-catalog-react/testUtils';
import { FormFieldBlueprint } from '@backstage/plugin-scaffolder-react/alpha';
import { screen, waitFor } from '@testing-library/react';
import { dashboardEntity, flightsEntity } from './__testUtils__/entities';
import { fakeApi } from './__testUtils__/fakeApi';
import { datasetMigrationsApiRef } from './api';
import plugin from './index';

const fakes = createFrontendModule({
  pluginId: 'dataset-migrations',
  extensions: [
    ApiBlueprint.make({
      params: defineParams =>
        defineParams({
          api: datasetMigrationsApiRef,
          deps: {},
          factory: () => fakeApi(),
        }),
    }),
  ],
});

describe('the plugin in the new frontend system', () => {
  // Titles of cards are asked for again and again: a card takes the place of its
  // skeleton, which has the same title.
  const open = (entity: Entity, path: string) =>
    renderTestApp({
      features: [plugin, fakes],
      extensions: [createTestEntityPage({ entity })],
      apis: [catalogApiMock()],
      initialRouteEntries: [path],
    });

  it('has its pages below /dataset-migrations', async () => {
    open(flightsEntity, '/dataset-migrations/migrations/01jdq7f3');
    expect(await screen.findByText('running')).toBeInTheDocument();
    expect(
      screen.getByRole('heading', { name: 'flights 1.0.0 → 2.0.0' }),
    ).toBeInTheDocument();
  });

  it('has the fleet and its campaigns among them', async () => {
    open(flightsEntity, '/dataset-migrations/campaigns/01camp1');
    expect(
      await screen.findByRole('heading', {
        name: 'Amounts in cents, all shops',
      }),
    ).toBeInTheDocument();
  });

  it('shows a dataset its card and tabs', async () => {
    open(flightsEntity, '/');
    expect(
      await screen.findByRole('table', { name: 'Migrations' }),
    ).toBeInTheDocument();
    await waitFor(() =>
      expect(screen.getByText('Dataset version')).toBeInTheDocument(),
    );
  });

  it('shows a consumer the datasets it reads', async () => {
    open(dashboardEntity, '/');
    expect(
      await screen.findByRole('table', { name: 'Datasets' }),
    ).toBeInTheDocument();
    await waitFor(() =>
      expect(screen.getByText('Coming dataset versions')).toBeInTheDocument(),
    );
    expect(screen.queryByText('Dataset version')).not.toBeInTheDocument();
  });

  it('brings the field that picks a version to the forms of the scaffolder', async () => {
    const load = createExtensionTester(
      plugin.getExtension(
        'scaffolder-form-field:dataset-migrations/dataset-version-picker',
      ),
    ).get(FormFieldBlueprint.dataRefs.formFieldLoader);
    expect(await load()).toMatchObject({ name: 'DatasetVersionPicker' });
  });
});
