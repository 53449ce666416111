import { ReactNode } from 'react';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import {
  ScaffolderFieldExtensions,
  useCustomFieldExtensions,
} from '@backstage/plugin-scaffolder-react';
import { screen } from '@testing-library/react';
import { Route, Routes } from 'react-router-dom';
import { dashboardEntity, flightsEntity } from './__testUtils__/entities';
import { fakeApi } from './__testUtils__/fakeApi';
import { renderAt } from './__testUtils__/render';
import {
  DatasetMigrationsPage,
  datasetMigrationsApiRef,
  datasetMigrationsPlugin,
  DatasetVersionPickerFieldExtension,
  EntityConsumedDatasetsContent,
  EntityConsumersContent,
  EntityDatasetCard,
  EntityDatasetConsumerCard,
  EntityMigrationsContent,
} from './legacy';

describe('the plugin in the old frontend system', () => {
  const api = fakeApi();

  it('brings the client of the backend', () => {
    expect([...datasetMigrationsPlugin.getApis()].map(f => f.api)).toEqual([
      datasetMigrationsApiRef,
    ]);
  });

  it('has its pages where they are mounted', async () => {
    await renderAt(
      <Routes>
        <Route
          path="/dataset-migrations/*"
          element={<DatasetMigrationsPage />}
        />
      </Routes>,
      '/dataset-migrations/migrations/01jdq7f3',
      { api },
    );
    expect(await screen.findByText('running')).toBeInTheDocument();
  });

  it('has the fleet among them', async () => {
    await renderAt(
      <Routes>
        <Route
          path="/dataset-migrations/*"
          element={<DatasetMigrationsPage />}
        />
      </Routes>,
      '/dataset-migrations/fleet',
      { api },
    );
    expect(
      await screen.findByRole('table', { name: 'Campaigns' }),
    ).toBeInTheDocument();
  });

  it('has the content of tabs and cards', async () => {
    await renderAt(
      <>
        <EntityProvider entity={flightsEntity}>
          <EntityMigrationsContent />
          <EntityConsumersContent />
          <EntityDatasetCard />
        </EntityProvider>
        <EntityProvider entity={dashboardEntity}>
          <EntityConsumedDatasetsContent />
          <EntityDatasetConsumerCard />
        </EntityProvider>
      </>,
      '/',
      { api },
    );
    for (const name of ['Migrations', 'Consumers', 'Datasets']) {
      expect(await screen.findByRole('table', { name })).toBeInTheDocument();
    }
    expect(await screen.findByText('Dataset version')).toBeInTheDocument();
    expect(
      await screen.findByText('1 coming version would break this entity'),
    ).toBeInTheDocument();
  });

  it('brings the field that picks a version to the forms of the scaffolder', async () => {
    function Fields(props: { children: ReactNode }) {
      const fields = useCustomFieldExtensions(props.children);
      return <>{fields.map(field => field.name).join()}</>;
    }
    await renderAt(
      <Fields>
        <ScaffolderFieldExtensions>
          <DatasetVersionPickerFieldExtension />
        </ScaffolderFieldExtensions>
      </Fields>,
      '/',
      { api },
    );
    expect(await screen.findByText('DatasetVersionPicker')).toBeInTheDocument();
  });
});
