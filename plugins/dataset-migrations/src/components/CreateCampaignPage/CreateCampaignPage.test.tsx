import { CreateCampaignRequest } from '@skein/backstage-plugin-dataset-migrations-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { plannedCampaign } from '../../__testUtils__/campaigns';
import {
  datasetsOf,
  fakeApi,
  fakeCampaigns,
  manyDatasets,
  responseError,
} from '../../__testUtils__/fakeApi';
import { renderPage } from '../../__testUtils__/render';

const address = () => screen.getByTestId('address').textContent;
const field = (name: RegExp | string) => screen.getByRole('textbox', { name });
const submit = () =>
  userEvent.click(screen.getByRole('button', { name: 'Create campaign' }));

async function open(
  create?: (request: CreateCampaignRequest) => Promise<never>,
) {
  const sent: Array<{ request: CreateCampaignRequest; key?: string }> = [];
  await renderPage('/campaigns/new', {
    api: fakeApi({
      listDatasets: async request =>
        datasetsOf(manyDatasets(request?.search ? 7 : 9_812), request),
      campaigns: fakeCampaigns({
        create: async (request, options) => {
          sent.push({ request, key: options?.idempotencyKey });
          await create?.(request);
          return plannedCampaign({ state: 'planning', actions: ['cancel'] });
        },
      }),
    }),
  });
  // The permission is known.
  await waitFor(() =>
    expect(
      screen.getByRole('button', { name: 'Create campaign' }),
    ).toBeEnabled(),
  );
  return sent;
}

describe('CreateCampaignPage', () => {
  it('counts what is selected while one chooses', async () => {
    await open();
    const selected = await screen.findByRole('status', {
      name: 'Selected datasets',
    });
    expect(await within(selected).findByText('9,812 datasets')).toBeVisible();
    await userEvent.type(
      screen.getByRole('searchbox', { name: 'Search datasets' }),
      'orders',
    );
    expect(await within(selected).findByText('7 datasets')).toBeVisible();

    await userEvent.click(screen.getByRole('radio', { name: /^List/ }));
    await userEvent.type(field(/^Datasets/), 'flights zipcodes');
    expect(await within(selected).findByText('2 datasets')).toBeVisible();
    expect(
      within(selected).getByText(/resource:default\/zipcodes/),
    ).toBeVisible();
  });

  it('says beside each field what is wrong, once one has been there', async () => {
    const sent = await open();
    expect(screen.queryByText(/Give it a title/)).not.toBeInTheDocument();
    await userEvent.click(field(/^Title/));
    await userEvent.tab();
    expect(await screen.findByText(/Give it a title/)).toBeInTheDocument();
    expect(field(/^Title/)).toBeInvalid();

    await userEvent.clear(field(/^Batch/));
    await userEvent.type(field(/^Batch/), 'many');
    await submit();
    expect(
      await screen.findByText('2 fields want another value.'),
    ).toBeVisible();
    expect(field(/^Batch/)).toHaveAccessibleDescription(
      'A whole number from 1.',
    );
    expect(sent).toEqual([]);
  });

  it('creates the campaign, once however often it is clicked, and goes to its page', async () => {
    const sent = await open();
    await userEvent.type(field(/^Title/), 'Amounts in cents');
    await userEvent.click(screen.getByRole('radio', { name: /in a range/ }));
    await userEvent.type(field(/^Range/), '2.x');
    await userEvent.click(screen.getByRole('radio', { name: /As the plan/ }));
    await userEvent.click(
      screen.getByRole('checkbox', { name: 'A few datasets first' }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Add window' }));
    const window = within(screen.getByRole('group', { name: 'Window 1' }));
    await userEvent.click(window.getByRole('button', { name: 'Saturday' }));
    const zone = window.getByRole('textbox', { name: 'Time zone' });
    await userEvent.clear(zone);
    await userEvent.type(zone, 'Europe/Berl');
    await userEvent.click(
      await screen.findByRole('option', { name: 'Europe/Berlin' }),
    );
    await userEvent.dblClick(
      screen.getByRole('button', { name: 'Create campaign' }),
    );
    await waitFor(() =>
      expect(address()).toBe('/dataset-migrations/campaigns/01camp2'),
    );
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    expect(sent[0].key).toMatch(/^[0-9a-f]{32}$/);
    expect(sent[0].request).toEqual({
      title: 'Amounts in cents',
      selection: { query: { status: 'upgradable' } },
      targetVersion: '2.x',
      policy: 'proposed',
      limits: { batchSize: 100, maxInFlight: 1000 },
      waves: { canary: 10, shares: [0.1, 0.5, 1], maxFailureRate: 0.02 },
      windows: [
        {
          days: ['sat'],
          from: '22:00',
          to: '05:00',
          timeZone: 'Europe/Berlin',
        },
      ],
      stop: { failureRate: 0.1 },
      autoStart: false,
    });
  });

  it('shows what the backend refuses, and keeps what was filled in', async () => {
    await open(async () => {
      throw await responseError(
        400,
        'InputError',
        "targetVersion 'two' is no range of versions",
      );
    });
    await userEvent.type(field(/^Title/), 'Cents');
    await submit();
    expect(
      await screen.findByText("targetVersion 'two' is no range of versions"),
    ).toBeVisible();
    expect(field(/^Title/)).toHaveValue('Cents');
  });

  it('takes fields of a catalog filter', async () => {
    const sent = await open();
    await userEvent.type(field(/^Title/), 'Shops');
    await userEvent.click(
      screen.getByRole('radio', { name: /^Catalog filter/ }),
    );
    const first = within(screen.getByRole('group', { name: 'Field 1' }));
    await userEvent.type(
      first.getByRole('textbox', { name: 'Field' }),
      'spec.system',
    );
    await userEvent.type(
      first.getByRole('textbox', { name: 'Values' }),
      'shops, payments',
    );
    await submit();
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0].request.selection).toEqual({
      filter: { 'spec.system': ['shops', 'payments'] },
    });
  });
});
