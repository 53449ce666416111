import { screen, waitFor, within } from '@testing-library/react';
import { flightsEntity } from './__testUtils__/entities';
import { acceptedChange, fakeApi } from './__testUtils__/fakeApi';
import { flightsPlan } from './__testUtils__/flights';
import { renderOnEntity, renderPage } from './__testUtils__/render';
import { DatasetCard } from './components/DatasetCard';

// In a file of its own, since decisions are cached for the whole page.
describe('without permissions', () => {
  const denied = [
    'dataset.migrate',
    'dataset.migrate.override',
    'dataset.delivery.redeliver',
    'dataset.campaign.manage',
  ];
  const api = fakeApi();

  it('one may look at a plan, not start it', async () => {
    await renderPage('/migrate/resource/default/flights', { api, denied });
    expect(
      await screen.findByText('You may not migrate this dataset'),
    ).toBeInTheDocument();
    expect(screen.getByRole('table', { name: 'Changes' })).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Start migration' }),
    ).not.toBeInTheDocument();
  });

  it('changes cannot be accepted, and who accepted one is seen', async () => {
    const plan = flightsPlan();
    const [renamed, ...others] = plan.changes;
    const { id, by, reason, at, effect } = acceptedChange();
    const accepted = { id, by, reason, at, was: effect };
    await renderPage('/migrate/resource/default/flights', {
      api: fakeApi({
        plan: async () => ({
          ...plan,
          changes: [
            { ...renamed, rule: 'field-renamed', effect: 'risky', accepted },
            ...others,
          ],
        }),
      }),
      denied,
    });
    const changes = await screen.findByRole('table', { name: 'Changes' });
    expect(
      within(changes).getByRole('row', { name: /arrival_delay/ }),
    ).toHaveTextContent(/Accepted by .*amelia.*: it reads by position/);
    expect(within(changes).queryAllByRole('button')).toEqual([]);
  });

  it('the card has no button', async () => {
    await renderOnEntity(<DatasetCard />, flightsEntity, { api, denied });
    await screen.findByText(/is available/);
    expect(
      screen.queryByRole('button', { name: 'Migrate dataset' }),
    ).not.toBeInTheDocument();
  });

  it('callbacks cannot be sent again', async () => {
    await renderPage('/migrations/01jdq5a1', { api, denied });
    const deliveries = await screen.findByRole('table', { name: 'Deliveries' });
    await waitFor(() =>
      expect(within(deliveries).getByText('dead')).toBeInTheDocument(),
    );
    expect(
      screen.queryByRole('button', { name: /Redeliver/ }),
    ).not.toBeInTheDocument();
  });

  it('what owners were told of a campaign cannot be sent again', async () => {
    await renderPage('/campaigns/01camp4', { api, denied });
    const deliveries = await screen.findByRole('table', { name: 'Deliveries' });
    await waitFor(() =>
      expect(within(deliveries).getByText('dead')).toBeInTheDocument(),
    );
    expect(
      within(deliveries).queryByRole('button', { name: /Redeliver/ }),
    ).not.toBeInTheDocument();
  });

  it('campaigns can be looked at, not steered nor created', async () => {
    await renderPage('/fleet', { api, denied });
    const campaigns = await screen.findByRole('table', { name: 'Campaigns' });
    await waitFor(() =>
      expect(within(campaigns).getAllByRole('row')).toHaveLength(5),
    );
    expect(within(campaigns).queryAllByRole('button')).toEqual([]);
    const create = screen.getByRole('button', { name: 'New campaign' });
    expect(create).toHaveAttribute('aria-disabled', 'true');
    expect(screen.getByTitle(/You may not create campaigns/)).toContainElement(
      create,
    );
  });

  it('the form of a campaign says so', async () => {
    await renderPage('/campaigns/new', { api, denied });
    expect(
      await screen.findByText('You may not create campaigns'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('form')).not.toBeInTheDocument();
  });
});
