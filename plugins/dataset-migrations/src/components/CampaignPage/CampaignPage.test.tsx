import {
  Campaign,
  CampaignAction,
  campaignActions,
  ListCampaignDatasetsRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  campaignDatasets,
  countsOf,
  finishedCampaign,
  plannedCampaign,
  runningCampaign,
} from '../../__testUtils__/campaigns';
import {
  fakeApi,
  fakeCampaigns,
  pageOf,
  responseError,
} from '../../__testUtils__/fakeApi';
import { campaignDeliveries } from '../../__testUtils__/migrations';
import { renderPage } from '../../__testUtils__/render';

const address = () => screen.getByTestId('address').textContent;

/** Opens the page of a campaign that stays as the last action left it. */
async function open(
  campaign: Campaign,
  options: {
    datasets?: number;
    search?: string;
    overrides?: Parameters<typeof fakeCampaigns>[0];
  } = {},
) {
  const { datasets = 30, search = '', overrides } = options;
  let current = campaign;
  const acts: CampaignAction[] = [];
  const requests: ListCampaignDatasetsRequest[] = [];
  const all = campaignDatasets(datasets);
  await renderPage(`/campaigns/${campaign.id}${search}`, {
    api: fakeApi({
      campaigns: fakeCampaigns({
        get: async () => current,
        act: async (_, action) => {
          acts.push(action);
          current = { ...current, state: campaignActions[action].to };
          return current;
        },
        listDatasets: async (_, request) => {
          requests.push(request!);
          return pageOf(
            all.filter(item => request?.state?.includes(item.state) ?? true),
            request,
          );
        },
        ...overrides,
      }),
    }),
  });
  return {
    acts,
    requests,
    become: (next: Campaign) => {
      current = next;
    },
  };
}

const actions = async () =>
  within(await screen.findByRole('group', { name: 'Actions' }))
    .queryAllByRole('button')
    .map(button => button.textContent);

describe('CampaignPage', () => {
  it('shows state, progress by state, wave, pace and time left', async () => {
    await open(runningCampaign());
    expect(
      await screen.findByRole('heading', {
        name: 'Amounts in cents, all shops',
      }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('img', {
        name: '5,120 succeeded, 1,000 active, 37 blocked, 12 failed, 4 skipped, 118 excluded, 3,709 waiting',
      }),
    ).toBeInTheDocument();
    for (const text of [
      '5,254 of 10,000',
      '3 of 4',
      '412/min',
      '11 min 30 s',
    ]) {
      expect(screen.getByText(text)).toBeInTheDocument();
    }
    expect(
      screen.getByText('Mon–Fri 22:00–05:00, Europe/Berlin'),
    ).toBeVisible();
    expect(await actions()).toEqual([
      'Retry failed (16)',
      'Pause',
      'Cancel campaign',
    ]);
  });

  it('shows the dry run as it goes, and offers to start when it is done', async () => {
    const planning = plannedCampaign({
      state: 'planning',
      dryRun: undefined,
      counts: countsOf({ pending: 6_000, waiting: 4_000 }),
      actions: ['cancel'],
    });
    const { acts, become } = await open(planning);
    expect(await screen.findByText(/^Dry run: selecting/)).toBeInTheDocument();
    expect(
      screen.getByRole('img', { name: '4,000 waiting, 6,000 pending' }),
    ).toBeInTheDocument();
    expect(screen.queryByText('Dry run')).not.toBeInTheDocument();

    become(plannedCampaign());
    expect(
      await screen.findByRole('heading', {
        name: /9,882 datasets can be migrated/,
      }),
    ).toBeInTheDocument();
    expect(screen.getByText('Dry run')).toBeInTheDocument();
    expect(screen.getByText('6,130 datasets')).toBeInTheDocument();
    expect(screen.getByText('1 cycle in the lineage')).toBeInTheDocument();
    expect(
      screen.getByText(/dataset-00007 → .*dataset-00011 → .*dataset-00007/),
    ).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Start campaign' }),
    );
    expect(await screen.findByText('running')).toBeInTheDocument();
    expect(acts).toEqual(['start']);
  });

  it('asks before it cancels', async () => {
    const { acts } = await open(runningCampaign());
    await userEvent.click(
      await screen.findByRole('button', { name: 'Cancel campaign' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText(/1,037 migrations under way/)).toBeInTheDocument();
    await userEvent.click(dialog.getByRole('button', { name: 'Close' }));
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    expect(acts).toEqual([]);
    await userEvent.click(
      screen.getByRole('button', { name: 'Cancel campaign' }),
    );
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Cancel campaign',
      }),
    );
    await waitFor(() => expect(acts).toEqual(['cancel']));
    expect(await screen.findByText('cancelling')).toBeInTheDocument();
  });

  it('retries what failed, with the number, and not when nothing did', async () => {
    const { acts } = await open(finishedCampaign());
    await userEvent.click(
      await screen.findByRole('button', { name: 'Retry failed (2)' }),
    );
    await waitFor(() => expect(acts).toEqual(['retry-failed']));
  });

  it('offers no retry when nothing has failed', async () => {
    await open(
      finishedCampaign({ total: 240, counts: countsOf({ succeeded: 240 }) }),
    );
    await screen.findByText('finished');
    expect(await actions()).toEqual([]);
  });

  it('shows why an action was refused', async () => {
    await open(runningCampaign(), {
      overrides: {
        act: async () => {
          throw await responseError(
            409,
            'ConflictError',
            'the campaign is cancelled',
          );
        },
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));
    expect(
      await screen.findByText('the campaign is cancelled'),
    ).toBeInTheDocument();
  });

  it('pages 10,000 datasets by cursor and draws only the rows in sight', async () => {
    const { requests } = await open(runningCampaign(), { datasets: 10_000 });
    expect(await screen.findByText('1–200 of 10,000')).toBeInTheDocument();
    const table = screen.getByRole('table', {
      name: 'Datasets of the campaign',
    });
    expect(table).toHaveAttribute('aria-rowcount', '201');
    expect(within(table).getAllByRole('row').length).toBeLessThan(60);

    await userEvent.click(screen.getByRole('button', { name: 'Next' }));
    expect(await screen.findByText('201–400 of 10,000')).toBeInTheDocument();
    expect(address()).toBe(
      '/dataset-migrations/campaigns/01camp1?cursor=200&page=2',
    );
    expect(requests[0]).toEqual({ limit: 200 });
  });

  it('filters by state, owner and search, kept in the address', async () => {
    const { requests } = await open(runningCampaign(), {
      search:
        '?state=failed&state=nonsense&owner=group:default/team-1&search=0',
    });
    await screen.findByText('3 datasets');
    expect(requests[0]).toEqual({
      state: ['failed'],
      owner: 'group:default/team-1',
      search: '0',
      limit: 200,
    });
    const legend = within(
      screen.getByRole('group', { name: 'Filter by state' }),
    );
    expect(legend.getByRole('button', { name: '12 failed' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    await userEvent.click(legend.getByRole('button', { name: '37 blocked' }));
    await waitFor(() =>
      expect(requests[requests.length - 1].state).toEqual([
        'blocked',
        'failed',
      ]),
    );
    expect(address()).toContain('state=blocked');
  });

  it('says of each dataset where it stands, why, and after what it goes', async () => {
    await open(runningCampaign());
    const row = async (name: RegExp) =>
      within(await screen.findByRole('row', { name }));
    const blocked = await row(/dataset-00004/);
    expect(blocked.getByText('blocked')).toBeInTheDocument();
    expect(blocked.getByText(/Delay dashboard reads/)).toBeInTheDocument();
    expect(blocked.getByText(/1 would break/)).toBeInTheDocument();
    expect(
      blocked.getByRole('link', { name: 'delay-dashboard' }),
    ).toBeInTheDocument();
    expect(
      blocked.getByRole('link', { name: 'Open its migration' }),
    ).toHaveAttribute('href', '/dataset-migrations/migrations/m4');
    const downstream = await row(/^dataset-00005/);
    expect(
      downstream.getByRole('link', { name: 'dataset-00000' }),
    ).toBeInTheDocument();
    expect(
      (await row(/dataset-00009/)).getByText('there is no version after 2.0.0'),
    ).toBeInTheDocument();
  });

  it('saves all of it as CSV', async () => {
    const create = jest.fn((_: Blob) => 'blob:1');
    URL.createObjectURL = create as typeof URL.createObjectURL;
    URL.revokeObjectURL = jest.fn();
    const click = jest
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(function name(this: HTMLAnchorElement) {
        expect(this.download).toBe('Amounts-in-cents-all-shops.csv');
      });
    await open(runningCampaign());
    await userEvent.click(
      await screen.findByRole('button', { name: 'Download CSV' }),
    );
    await waitFor(() => expect(click).toHaveBeenCalledTimes(1));
    expect(create.mock.calls[0][0].type).toBe('text/csv');
    click.mockRestore();
  });

  it('shows its failures alone, and its log', async () => {
    await open(runningCampaign());
    await userEvent.click(
      await screen.findByRole('button', { name: /12.*failed.*do not cast/ }),
    );
    expect(
      await screen.findByRole('link', { name: /^All failed migrations/ }),
    ).toHaveAttribute(
      'href',
      '/dataset-migrations/migrations?state=failed&campaign=01camp1',
    );
    expect(
      within(screen.getByRole('log')).getByText('10,000 datasets selected'),
    ).toBeInTheDocument();
  });

  it('shows what the owners were told, and sends it again', async () => {
    const redelivered: string[] = [];
    const campaign = finishedCampaign();
    await renderPage(`/campaigns/${campaign.id}`, {
      api: fakeApi({
        campaigns: fakeCampaigns({ get: async () => campaign }),
        redeliver: async id => {
          redelivered.push(id);
          return { ...campaignDeliveries[1], state: 'pending' };
        },
      }),
    });
    const table = within(
      await screen.findByRole('table', { name: 'Deliveries' }),
    );
    const dead = within(
      await table.findByRole('row', { name: /geo-data.*dead/ }),
    );
    expect(dead.getByText('Request failed with status 503')).toBeVisible();
    expect(
      dead.getByRole('link', { name: 'Their datasets in the campaign' }),
    ).toHaveAttribute(
      'href',
      `/dataset-migrations/campaigns/${campaign.id}?owner=group%3Adefault%2Fgeo-data`,
    );
    await userEvent.click(
      dead.getByRole('button', { name: 'Redeliver to group:default/geo-data' }),
    );
    await waitFor(() => expect(redelivered).toEqual(['d5']));
  });

  it('says that there is no such campaign', async () => {
    await renderPage('/campaigns/nope', { api: fakeApi() });
    expect(
      await screen.findByText('There is no trace of this campaign'),
    ).toBeInTheDocument();
  });
});
