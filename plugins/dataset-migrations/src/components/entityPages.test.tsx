import { DatasetMigrationsApi } from '@skein/backstage-plugin-dataset-migrations-common';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { manyConsumers } from '../__testUtils__/consumers';
import { dashboardEntity, flightsEntity } from '../__testUtils__/entities';
import { fakeApi, pageOf, responseError } from '../__testUtils__/fakeApi';
import { FakeSignals } from '../__testUtils__/FakeSignals';
import { FLIGHTS, flightsDataset } from '../__testUtils__/flights';
import { renderOnEntity } from '../__testUtils__/render';
import { ConsumedDatasetsTab } from './ConsumedDatasetsTab';
import { ConsumersTab } from './ConsumersTab';
import { DatasetCard } from './DatasetCard';
import { MigrationsTab } from './MigrationsTab';

const active = {
  id: '01jdq7f3',
  state: 'running',
  stage: 'transform',
} as const;

const forbidden = async () => {
  throw await responseError(403, 'NotAllowedError', 'not allowed');
};

describe('tab Migrations', () => {
  const open = (overrides: Partial<DatasetMigrationsApi> = {}) =>
    renderOnEntity(<MigrationsTab />, flightsEntity, {
      api: fakeApi(overrides),
    });

  it('shows the active migration live and the others as history', async () => {
    await open({
      getDataset: async () => flightsDataset({ activeMigration: active }),
    });
    expect(
      await screen.findByRole('list', { name: 'Stages' }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('progressbar', { name: 'Rows transformed' }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: /Open this migration/ }),
    ).toHaveAttribute('href', '/dataset-migrations/migrations/01jdq7f3');
    const history = within(screen.getByRole('table', { name: 'Migrations' }));
    await waitFor(() => expect(history.getAllByRole('row')).toHaveLength(4));
    expect(history.getByText('succeeded')).toBeInTheDocument();
    expect(history.queryByText('running')).not.toBeInTheDocument();
  });

  it('explains what a migration is where there was none', async () => {
    await open({ listMigrations: async () => pageOf([]) });
    expect(
      await screen.findByText('This dataset has not been migrated yet'),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('button', { name: 'Migrate dataset' }),
    ).toHaveAttribute(
      'href',
      '/dataset-migrations/migrate/resource/default/flights',
    );
  });

  it('says that one may not see them', async () => {
    await open({ listMigrations: forbidden });
    expect(
      await screen.findByText('You may not see the migrations of this dataset'),
    ).toBeInTheDocument();
  });
});

describe('tab Consumers', () => {
  const open = (overrides: Partial<DatasetMigrationsApi> = {}) =>
    renderOnEntity(<ConsumersTab />, flightsEntity, {
      api: fakeApi(overrides),
    });

  it('counts, lists and filters by verdict', async () => {
    await open();
    const table = within(
      await screen.findByRole('table', { name: 'Consumers' }),
    );
    await waitFor(() => expect(table.getAllByRole('row')).toHaveLength(13));
    const breaks = screen.getByRole('button', { name: /2\s*would break/ });
    expect(breaks).toHaveAttribute('aria-pressed', 'false');
    await userEvent.click(breaks);
    expect(breaks).toHaveAttribute('aria-pressed', 'true');
    await waitFor(() => expect(table.getAllByRole('row')).toHaveLength(3));
    expect(table.getByText('Crew planner')).toBeInTheDocument();
  });

  it('judges by another version when it is chosen', async () => {
    await open();
    await userEvent.click(
      await screen.findByRole('button', { name: /Target version 2.0.0/ }),
    );
    await userEvent.click(screen.getByRole('option', { name: '3.0.0' }));
    expect(
      await screen.findByText(
        'What version 3.0.0 means for those who read this dataset',
      ),
    ).toBeInTheDocument();
  });

  it('draws 1,000 consumers as teams, each leading to its consumers', async () => {
    await open({
      getConsumers: async () => ({
        targetVersion: '2.0.0',
        items: manyConsumers(1_000),
        counts: { ready: 900, breaks: 100, unknown: 0 },
      }),
    });
    expect(
      await screen.findByRole('table', { name: 'Consumers' }),
    ).toHaveAttribute('aria-rowcount', '1001');
    await userEvent.click(screen.getByRole('button', { name: 'Graph' }));
    const team = await screen.findByRole('button', {
      name: /^team-10.*25 break/,
    });
    await userEvent.click(team);
    const table = within(
      await screen.findByRole('table', { name: 'Consumers' }),
    );
    await waitFor(() => expect(table.getAllByRole('row')).toHaveLength(26));
  });

  it('explains how one becomes a consumer where there is none', async () => {
    await open({
      getConsumers: async () => ({
        items: [],
        counts: { ready: 0, breaks: 0, unknown: 0 },
      }),
    });
    expect(
      await screen.findByText('Nobody is known to read this dataset'),
    ).toBeInTheDocument();
  });

  it('says that one may not see them', async () => {
    await open({ getConsumers: forbidden });
    expect(
      await screen.findByText('You may not see the consumers of this dataset'),
    ).toBeInTheDocument();
  });
});

describe('card of a dataset', () => {
  const open = (overrides: Partial<DatasetMigrationsApi> = {}) =>
    renderOnEntity(<DatasetCard />, flightsEntity, { api: fakeApi(overrides) });

  it('shows the version and whom the next one would break', async () => {
    await open();
    expect(await screen.findByText('1.0.0')).toBeInTheDocument();
    expect(
      await screen.findByText(/is available: 2 consumers would break/),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('button', { name: 'Migrate dataset' }),
    ).toHaveAttribute(
      'href',
      '/dataset-migrations/migrate/resource/default/flights?version=2.0.0',
    );
  });

  it('asks for the counts of consumers, not for the consumers', async () => {
    const limits: unknown[] = [];
    await open({
      getConsumers: async (ref, request) => {
        limits.push(request?.limit);
        return fakeApi().getConsumers(ref, request);
      },
    });
    await screen.findByText(/2 consumers would break/);
    expect(limits).toEqual([0]);
  });

  it('shows a running migration instead of the button', async () => {
    await open({
      getDataset: async () => flightsDataset({ activeMigration: active }),
    });
    expect(await screen.findByText('running')).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Migrate dataset' }),
    ).not.toBeInTheDocument();
  });

  it('shows problems and where they are, and drift', async () => {
    await open({
      getDataset: async () =>
        flightsDataset({
          nextVersion: undefined,
          drift: 'The store says 1.1.0, the portal 1.0.0',
          problems: [
            { path: 'spec.contracts[1].version', message: 'is missing' },
          ],
        }),
    });
    expect(
      await screen.findByText('spec.contracts[1].version'),
    ).toBeInTheDocument();
    expect(
      screen.getByText('The store says 1.1.0, the portal 1.0.0'),
    ).toBeInTheDocument();
  });

  it('follows the signals of its dataset only', async () => {
    const signals = new FakeSignals();
    let dataset = flightsDataset();
    let loads = 0;
    await renderOnEntity(<DatasetCard />, flightsEntity, {
      signals,
      api: fakeApi({
        getDataset: async () => {
          loads += 1;
          return dataset;
        },
      }),
    });
    await screen.findByText('1.0.0');
    const before = loads;
    dataset = flightsDataset({ currentVersion: '2.0.0' });
    act(() =>
      signals.send({ migrationId: 'm', datasetRef: 'resource:default/other' }),
    );
    expect(loads).toBe(before);
    act(() => signals.send({ migrationId: 'm', datasetRef: FLIGHTS }));
    expect(
      await screen.findByText('2.0.0', { selector: 'div' }),
    ).toBeInTheDocument();
  });
});

describe('tab Datasets of a consumer', () => {
  const open = (overrides: Partial<DatasetMigrationsApi> = {}) =>
    renderOnEntity(<ConsumedDatasetsTab />, dashboardEntity, {
      api: fakeApi(overrides),
    });

  it('shows what is read, the verdict and why', async () => {
    await open();
    const row = within(await screen.findByRole('row', { name: /Flights/ }));
    expect(row.getByText('breaks')).toBeInTheDocument();
    expect(row.getByText('^1.0.0', { selector: 'td > code' })).toBeVisible();
    expect(
      screen.getByText(/The next version of 1 dataset would break/),
    ).toBeInTheDocument();
  });

  it('shows how to declare what is read where nothing is', async () => {
    await open({ getConsumedDatasets: async () => ({ items: [] }) });
    expect(
      await screen.findByText('No dataset is known to be read here'),
    ).toBeInTheDocument();
  });

  it('says that one may not see them', async () => {
    await open({ getConsumedDatasets: forbidden });
    expect(
      await screen.findByText(
        'You may not see the datasets that this entity reads',
      ),
    ).toBeInTheDocument();
  });
});
