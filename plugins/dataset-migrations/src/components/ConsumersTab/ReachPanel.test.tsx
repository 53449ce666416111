import { DatasetMigrationsApi } from '@skein/backstage-plugin-dataset-migrations-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { flightsEntity } from '../../__testUtils__/entities';
import { fakeApi, responseError } from '../../__testUtils__/fakeApi';
import { flightReach, manyReached } from '../../__testUtils__/reach';
import { renderOnEntity } from '../../__testUtils__/render';
import { ConsumersTab } from './ConsumersTab';

describe('the reach on the tab Consumers', () => {
  async function open(overrides: Partial<DatasetMigrationsApi> = {}) {
    await renderOnEntity(<ConsumersTab />, flightsEntity, {
      api: fakeApi(overrides),
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Reach' }));
  }

  const wave = async (number: number) =>
    within(await screen.findByRole('table', { name: `Wave ${number}` }));

  it('shows wave by wave who is reached, and why', async () => {
    await open();
    const first = await wave(1);
    await waitFor(() => expect(first.getAllByRole('row')).toHaveLength(5));
    const late = within(first.getAllByRole('row')[1]);
    expect(late.getByRole('link', { name: 'Late flights' })).toHaveAttribute(
      'href',
      '/catalog/default/resource/late-flights',
    );
    expect(late.getByText('Dataset')).toBeInTheDocument();
    expect(late.getByText('changes')).toBeInTheDocument();
    expect(late.getByText(/of resource:default\/flights/)).toBeInTheDocument();
    expect(first.getByText('stays')).toBeInTheDocument();

    const second = await wave(2);
    expect(
      second.getByRole('link', { name: 'voucher-desk' }),
    ).toBeInTheDocument();
    expect(
      screen.getByText(
        /Those who read the datasets of wave 1, and what is made of these: 1 consumer/,
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByText('And 1 dataset and 2 consumers that you may not see.'),
    ).toBeInTheDocument();
  });

  it('filters by verdict and by words', async () => {
    await open();
    const first = await wave(1);
    await userEvent.click(
      screen.getByRole('button', { name: /3\s*would break or change/ }),
    );
    await waitFor(() => expect(first.getAllByRole('row')).toHaveLength(3));
    await userEvent.type(
      screen.getByRole('searchbox', { name: 'Search those reached' }),
      'voucher',
    );
    expect(
      await first.findByText('Nobody in this wave matches.'),
    ).toBeInTheDocument();
    expect((await wave(2)).getAllByRole('row')).toHaveLength(2);
  });

  it('follows the version that is chosen', async () => {
    const asked: unknown[] = [];
    await open({
      getReach: async (_, request) => {
        asked.push(request?.targetVersion);
        return flightReach;
      },
    });
    await wave(1);
    await userEvent.click(
      screen.getByRole('button', { name: /Target version 2.0.0/ }),
    );
    await userEvent.click(screen.getByRole('option', { name: '3.0.0' }));
    await waitFor(() => expect(asked).toEqual([undefined, '3.0.0']));
  });

  it('draws of 5,000 only those that are seen', async () => {
    await open({
      getReach: async () => ({
        ...flightReach,
        waves: [manyReached(5_000)],
      }),
    });
    expect(
      await screen.findByRole('table', { name: 'Wave 1' }),
    ).toHaveAttribute('aria-rowcount', '5001');
    expect((await wave(1)).getAllByRole('row').length).toBeLessThan(100);
    expect(
      screen.getByText(/It ends with those who read this dataset/),
    ).toBeInTheDocument();
  });

  it.each([
    ['waves', 10, 'It goes on from here: only 10 waves are followed.'],
    [
      'entities',
      10_000,
      'It goes on from here: only 10,000 datasets and consumers are looked at.',
    ],
    [
      'links',
      20_000,
      'It goes on from here: only 20,000 ways from one dataset to another are followed.',
    ],
  ] as const)('says that it is cut by %s', async (by, limit, sentence) => {
    await open({
      getReach: async () => ({ ...flightReach, truncated: { by, limit } }),
    });
    expect(await screen.findByText(sentence)).toBeInTheDocument();
  });

  it('says why it cannot be shown, and tries again', async () => {
    let tries = 0;
    await open({
      getReach: async () => {
        tries += 1;
        if (tries === 1) {
          throw await responseError(500, 'Error', 'the database is away');
        }
        return flightReach;
      },
    });
    expect(
      await screen.findByText(
        /Could not load whom this dataset reaches: the database is away/,
      ),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await wave(2);
  });

  it('says that one may not see it', async () => {
    await open({
      getReach: async () => {
        throw await responseError(403, 'NotAllowedError', 'not allowed');
      },
    });
    expect(
      await screen.findByText('You may not see whom this dataset reaches'),
    ).toBeInTheDocument();
  });
});
