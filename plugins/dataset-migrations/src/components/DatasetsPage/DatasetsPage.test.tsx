import {
  ListDatasetsRequest,
  ListMigrationsRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  fakeApi,
  idleQueue,
  manyDatasets,
  datasetsOf,
  pageOf,
  responseError,
} from '../../__testUtils__/fakeApi';
import { flightsMigration } from '../../__testUtils__/migrations';
import { renderPage } from '../../__testUtils__/render';

const address = () => screen.getByTestId('address').textContent;

describe('the list of datasets', () => {
  it('pages 3,142 datasets by cursor, 50 at a time, forwards and back', async () => {
    const requests: ListDatasetsRequest[] = [];
    await renderPage('', {
      api: fakeApi({
        listDatasets: async request => {
          requests.push(request!);
          return datasetsOf(manyDatasets(3_142), request);
        },
      }),
    });
    expect(await screen.findByText('1–50 of 3,142')).toBeInTheDocument();
    const table = screen.getByRole('table', { name: 'Datasets' });
    expect(within(table).getAllByRole('row')).toHaveLength(51);

    await userEvent.click(screen.getByRole('button', { name: 'Next' }));
    expect(await screen.findByText('51–100 of 3,142')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Next' }));
    expect(await screen.findByText('101–150 of 3,142')).toBeInTheDocument();
    expect(address()).toBe('/dataset-migrations?cursor=100&page=3');
    await userEvent.click(screen.getByRole('button', { name: 'Previous' }));
    expect(await screen.findByText('51–100 of 3,142')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Previous' }));
    expect(await screen.findByText('1–50 of 3,142')).toBeInTheDocument();
    expect(address()).toBe('/dataset-migrations');
    expect(requests.map(request => request.cursor)).toEqual([
      undefined,
      '50',
      '100',
      '50',
      undefined,
    ]);
  });

  it('takes filters from the address and goes back to the first page when one changes', async () => {
    const requests: ListDatasetsRequest[] = [];
    await renderPage(
      '?search=flight&engine=duckdb&owner=group:default/team-1&status=upgradable&cursor=50&page=2',
      {
        api: fakeApi({
          listDatasets: async request => {
            requests.push(request!);
            return datasetsOf(manyDatasets(120), request);
          },
        }),
      },
    );
    expect(await screen.findByText('51–100 of 120')).toBeInTheDocument();
    expect(requests[0]).toEqual({
      search: 'flight',
      engine: 'duckdb',
      owner: 'group:default/team-1',
      status: 'upgradable',
      cursor: '50',
      limit: 50,
    });

    const search = screen.getByRole('searchbox', { name: 'Search datasets' });
    expect(search).toHaveValue('flight');
    await userEvent.type(search, 's');
    await waitFor(() =>
      expect(requests[requests.length - 1]).toMatchObject({
        search: 'flights',
        cursor: undefined,
      }),
    );
    expect(address()).toContain('search=flights');
    expect(address()).not.toContain('cursor');
  });

  it('offers every engine that is installed, whatever is in sight', async () => {
    const requests: ListDatasetsRequest[] = [];
    await renderPage('?engine=duckdb', {
      api: fakeApi({
        listDatasets: async request => {
          requests.push(request!);
          return datasetsOf([]);
        },
      }),
    });
    await screen.findByText('No dataset matches the filters.');
    await userEvent.click(screen.getByRole('button', { name: /Engine/ }));
    const options = within(await screen.findByRole('listbox'));
    expect(
      options.getAllByRole('option').map(option => option.textContent),
    ).toEqual(['All', 'duckdb', 'postgres']);
    await userEvent.click(options.getByRole('option', { name: 'postgres' }));
    await waitFor(() =>
      expect(requests[requests.length - 1].engine).toBe('postgres'),
    );
  });

  it('ignores a filter that it does not know', async () => {
    const requests: ListDatasetsRequest[] = [];
    await renderPage('?status=nonsense', {
      api: fakeApi({
        listDatasets: async request => {
          requests.push(request!);
          return datasetsOf(manyDatasets(3), request);
        },
      }),
    });
    await screen.findByText('3 datasets');
    expect(requests[0].status).toBeUndefined();
  });

  it('shows where each dataset stands', async () => {
    await renderPage('', {
      api: fakeApi({ listDatasets: async () => datasetsOf(manyDatasets(4)) }),
    });
    const row = async (name: string) =>
      within(await screen.findByRole('row', { name: new RegExp(name) }));
    expect(
      (await row('dataset-0000')).getByRole('link', {
        name: /Migration ?running/,
      }),
    ).toHaveAttribute('href', '/dataset-migrations/migrations/01jdq7f3');
    expect(
      (await row('dataset-0001')).getByText('1 problem'),
    ).toBeInTheDocument();
    expect(
      (await row('dataset-0002')).getByText('up to date'),
    ).toBeInTheDocument();
    expect(
      (await row('dataset-0003')).getByRole('link', {
        name: '2.0.0 available',
      }),
    ).toHaveAttribute(
      'href',
      '/dataset-migrations/migrate/resource/default/dataset-0003?version=2.0.0',
    );
  });

  it('says that nothing matches, and that there is nothing at all', async () => {
    const api = fakeApi({ listDatasets: async () => datasetsOf([]) });
    const { unmount } = await renderPage('?search=nothing', { api });
    expect(
      await screen.findByText('No dataset matches the filters.'),
    ).toBeInTheDocument();
    unmount();
    await renderPage('', { api });
    expect(
      await screen.findByText(/There is no dataset in the catalog yet/),
    ).toBeInTheDocument();
  });

  it('says that one may not see them', async () => {
    await renderPage('', {
      api: fakeApi({
        listDatasets: async () => {
          throw await responseError(403, 'NotAllowedError', 'not allowed');
        },
      }),
    });
    expect(
      await screen.findByText('You may not see the datasets'),
    ).toBeInTheDocument();
  });
});

describe('the queue', () => {
  it('is shown in numbers, with a warning when nobody works', async () => {
    await renderPage('', {
      api: fakeApi({
        getQueueStatus: async () => ({
          ...idleQueue,
          depth: 1_204,
          oldestAgeSeconds: 75,
          workersAlive: 0,
          workers: [],
        }),
      }),
    });
    const strip = within(await screen.findByRole('region', { name: 'Queue' }));
    expect(strip.getByText('1,204')).toBeInTheDocument();
    expect(strip.getByText('oldest waits 1 min 15 s')).toBeInTheDocument();
    expect(
      strip.getByText('migrations wait until one starts'),
    ).toBeInTheDocument();
  });

  it('is left out for those who may not see it', async () => {
    await renderPage('', {
      api: fakeApi({
        getQueueStatus: async () => {
          throw await responseError(403, 'NotAllowedError', 'not allowed');
        },
      }),
    });
    await screen.findByText('3 datasets');
    expect(
      screen.queryByRole('region', { name: 'Queue' }),
    ).not.toBeInTheDocument();
  });
});

describe('the list of migrations', () => {
  it('filters by states, kept in the address', async () => {
    const requests: ListMigrationsRequest[] = [];
    const { listMigrations } = fakeApi();
    await renderPage('/migrations?state=failed&state=nonsense', {
      api: fakeApi({
        listMigrations: async request => {
          requests.push(request!);
          return listMigrations(request);
        },
      }),
    });
    const table = await screen.findByRole('table', { name: 'Migrations' });
    await waitFor(() =>
      expect(within(table).getAllByRole('row')).toHaveLength(2),
    );
    expect(requests[0].state).toEqual(['failed']);

    await userEvent.click(screen.getByRole('button', { name: /State/ }));
    await userEvent.click(screen.getByRole('option', { name: 'blocked' }));
    await waitFor(() =>
      expect(requests[requests.length - 1].state).toEqual([
        'blocked',
        'failed',
      ]),
    );
    expect(address()).toBe(
      '/dataset-migrations/migrations?state=failed&state=blocked',
    );
  });

  it('searches, and shows those of one campaign, which it names', async () => {
    const requests: ListMigrationsRequest[] = [];
    const { listMigrations } = fakeApi();
    await renderPage('/migrations?campaign=01camp1&search=fli', {
      api: fakeApi({
        listMigrations: async request => {
          requests.push(request!);
          return listMigrations(request);
        },
      }),
    });
    expect(
      await screen.findByRole('link', { name: 'Amounts in cents, all shops' }),
    ).toHaveAttribute('href', '/dataset-migrations/campaigns/01camp1');
    expect(requests[0]).toMatchObject({ campaignId: '01camp1', search: 'fli' });
    await userEvent.clear(
      screen.getByRole('searchbox', { name: 'Search migrations' }),
    );
    await waitFor(() =>
      expect(address()).toBe('/dataset-migrations/migrations?campaign=01camp1'),
    );
  });

  it('shows those that wait for consumers of one owner, as a digest links to', async () => {
    const requests: ListMigrationsRequest[] = [];
    const { listMigrations } = fakeApi();
    await renderPage('/migrations?consumerOwner=group%3Adefault%2Fapps', {
      api: fakeApi({
        listMigrations: async request => {
          requests.push(request!);
          return listMigrations(request);
        },
      }),
    });
    const chip = await screen.findByText(
      'Waiting for consumers of group:default/apps',
    );
    expect(requests[0]).toMatchObject({ consumerOwner: 'group:default/apps' });
    await userEvent.click(chip.parentElement!.querySelector('svg')!);
    await waitFor(() =>
      expect(address()).toBe('/dataset-migrations/migrations'),
    );
  });

  it('says which were started by a campaign', async () => {
    await renderPage('/migrations', {
      api: fakeApi({
        listMigrations: async () =>
          pageOf([flightsMigration({ campaignId: '01camp1' })]),
      }),
    });
    expect(
      await screen.findByRole('link', { name: 'in a campaign' }),
    ).toHaveAttribute('href', '/dataset-migrations/campaigns/01camp1');
  });
});
