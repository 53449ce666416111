import {
  CampaignAction,
  ListCampaignsRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  fakeApi,
  fakeCampaigns,
  idleQueue,
  pageOf,
  responseError,
} from '../../__testUtils__/fakeApi';
import { renderPage } from '../../__testUtils__/render';

const address = () => screen.getByTestId('address').textContent;
const forbidden = async () => {
  throw await responseError(403, 'NotAllowedError', 'not allowed');
};

describe('the campaigns', () => {
  it('are a table with state, progress, pace and what can be done', async () => {
    await renderPage('/fleet', { api: fakeApi() });
    const row = async (name: RegExp) =>
      within(await screen.findByRole('row', { name }));
    const running = await row(/Amounts in cents/);
    expect(
      running.getByRole('link', { name: 'Amounts in cents, all shops' }),
    ).toHaveAttribute('href', '/dataset-migrations/campaigns/01camp1');
    expect(
      running.getByRole('img', { name: /5,120 succeeded, 1,000 active/ }),
    ).toBeInTheDocument();
    expect(
      running.getByText(
        '5,254 of 10,000 datasets, 12 failed, 37 blocked, wave 3 of 4',
      ),
    ).toBeInTheDocument();
    expect(running.getByText('412/min')).toBeInTheDocument();
    expect(running.getByText('11 min 30 s left')).toBeInTheDocument();
    const buttons = async (name: RegExp) =>
      (await row(name)).queryAllByRole('button').map(b => b.textContent);
    expect(await buttons(/Amounts in cents/)).toEqual([
      'Retry failed (16)',
      'Pause',
    ]);
    expect(await buttons(/Postal codes/)).toEqual(['Start campaign']);
    expect(await buttons(/old event columns/)).toEqual([
      'Resume',
      'Retry failed (16)',
    ]);
    expect(
      (await row(/old event columns/)).getByText(/4.1 % failures/),
    ).toBeInTheDocument();
  });

  it('can be paused at once, and are asked for again', async () => {
    const acts: Array<[string, CampaignAction]> = [];
    const { list, act } = fakeCampaigns();
    let lists = 0;
    await renderPage('/fleet', {
      api: fakeApi({
        campaigns: fakeCampaigns({
          list: async request => {
            lists += 1;
            return list(request);
          },
          act: async (id, action) => {
            acts.push([id, action]);
            return act(id, action);
          },
        }),
      }),
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));
    await waitFor(() => expect(acts).toEqual([['01camp1', 'pause']]));
    await waitFor(() => expect(lists).toBeGreaterThan(1));
  });

  it('are filtered by states, kept in the address beside the span of the charts', async () => {
    const requests: ListCampaignsRequest[] = [];
    const { list } = fakeCampaigns();
    await renderPage('/fleet?state=paused&state=nonsense&range=6h', {
      api: fakeApi({
        campaigns: fakeCampaigns({
          list: async request => {
            requests.push(request!);
            return list(request);
          },
        }),
      }),
    });
    await screen.findByText('1 campaign');
    expect(requests[0].state).toEqual(['paused']);
    expect(
      screen.getByRole('button', { name: 'last 6 hours' }),
    ).toHaveAttribute('aria-pressed', 'true');
    await userEvent.click(screen.getByRole('button', { name: 'last 7 days' }));
    expect(address()).toBe(
      '/dataset-migrations/fleet?state=paused&state=nonsense&range=7d',
    );
  });

  it('say what they are when there is none, and lead to a new one', async () => {
    await renderPage('/fleet', {
      api: fakeApi({
        campaigns: fakeCampaigns({ list: async () => pageOf([]) }),
      }),
    });
    expect(await screen.findByText(/No campaign yet/)).toBeInTheDocument();
    await waitFor(() =>
      expect(
        screen.getByRole('button', { name: 'New campaign' }),
      ).toHaveAttribute('href', '/dataset-migrations/campaigns/new'),
    );
  });

  it('may be out of bounds', async () => {
    await renderPage('/fleet', {
      api: fakeApi({ campaigns: fakeCampaigns({ list: forbidden }) }),
    });
    expect(
      await screen.findByText('You may not see the campaigns'),
    ).toBeInTheDocument();
  });
});

describe('the queue over time', () => {
  it('is drawn, and said in words', async () => {
    await renderPage('/fleet', { api: fakeApi() });
    const charts = await screen.findAllByRole('figure');
    expect(charts.map(chart => chart.textContent)).toEqual([
      expect.stringMatching(
        /^Waiting, last hour\. Backlog: now 2,\d+, highest 5,400 at \d\d:\d\d\. Queued jobs: now/,
      ),
      expect.stringMatching(/^Oldest job waits, last hour\. Oldest: now 2 min/),
      expect.stringMatching(/^At work, last hour\. Running jobs: now 64/),
      expect.stringMatching(/^Migrations ended per minute, last hour\./),
    ]);
    const strip = within(screen.getByRole('region', { name: 'Queue' }));
    expect(strip.getByText(/^1\d\d\/min$/)).toBeInTheDocument();
  });

  it('asks for the span that is chosen', async () => {
    const hours: Array<number | undefined> = [];
    const { getQueueHistory } = fakeApi();
    await renderPage('/fleet?range=24h', {
      api: fakeApi({
        getQueueHistory: async request => {
          hours.push(request?.hours);
          return getQueueHistory(request);
        },
      }),
    });
    await screen.findAllByRole('figure');
    expect(hours.sort()).toEqual([1, 24]);
  });

  it('says that there is nothing to draw yet', async () => {
    await renderPage('/fleet', {
      api: fakeApi({ getQueueHistory: async () => ({ items: [] }) }),
    });
    expect(
      await screen.findByText(/not enough of the last hour to draw/),
    ).toBeInTheDocument();
  });

  it('and the workers are left out for those who may not see them', async () => {
    await renderPage('/fleet', {
      api: fakeApi({ getQueueHistory: forbidden, getQueueStatus: forbidden }),
    });
    await screen.findByText('4 campaigns');
    await waitFor(() => {
      expect(screen.queryByText('Queue over time')).not.toBeInTheDocument();
      expect(screen.queryByText('Workers')).not.toBeInTheDocument();
    });
  });
});

describe('the workers', () => {
  const [worker] = idleQueue.workers;

  it('say what they take, and what they do not', async () => {
    await renderPage('/fleet', {
      api: fakeApi({
        getQueueStatus: async () => ({
          ...idleQueue,
          workers: [
            { ...worker, id: 'a', hostname: 'pod-a', engines: ['postgres'] },
            { ...worker, id: 'b', hostname: 'pod-b', state: 'draining' },
            { ...worker, id: 'c', hostname: 'pod-c', engines: undefined },
          ],
        }),
      }),
    });
    const row = async (name: RegExp) =>
      within(await screen.findByRole('row', { name }));
    expect(
      await (
        await row(/pod-a/)
      ).findByText('not duckdb: their storage is not reached from here'),
    ).toBeInTheDocument();
    expect((await row(/pod-b/)).getByText('draining')).toBeInTheDocument();
    expect(
      (await row(/pod-c/)).getByText(/earlier release/),
    ).toBeInTheDocument();
    expect(screen.queryByText(/No worker takes/)).not.toBeInTheDocument();
  });

  it('an engine that none of them takes is pointed out', async () => {
    await renderPage('/fleet', {
      api: fakeApi({
        getQueueStatus: async () => ({
          ...idleQueue,
          workers: [{ ...worker, engines: ['postgres'] }],
        }),
      }),
    });
    expect(
      await screen.findByText(/No worker takes datasets of duckdb/),
    ).toBeInTheDocument();
  });
});

describe('the failures', () => {
  it('are grouped by cause and lead to their migrations', async () => {
    await renderPage('/fleet', { api: fakeApi() });
    const group = await screen.findByRole('button', {
      name: /12.*failed.*do not cast to integer/,
    });
    expect(group).toHaveAttribute('aria-expanded', 'false');
    await userEvent.click(group);
    const latest = within(
      await screen.findByRole('list', { name: 'The latest' }),
    );
    expect(
      latest.getAllByRole('link', { name: 'Open its migration' })[0],
    ).toHaveAttribute('href', '/dataset-migrations/migrations/01jdq4c3');
    expect(
      screen.getByRole('link', { name: /^All failed migrations/ }),
    ).toHaveAttribute('href', '/dataset-migrations/migrations?state=failed');
  });

  it('may be none', async () => {
    await renderPage('/fleet', {
      api: fakeApi({ listFailures: async () => ({ items: [] }) }),
    });
    expect(
      await screen.findByText('Nothing has failed, and nothing is blocked.'),
    ).toBeInTheDocument();
  });
});
