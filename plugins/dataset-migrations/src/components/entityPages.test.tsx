import {
  AcknowledgeRequest,
  ComingVersion,
  ConsumedDataset,
  DatasetMigrationsApi,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  act,
  fireEvent,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DateTime } from 'luxon';
import { flightConsumers, manyConsumers } from '../__testUtils__/consumers';
import { dashboardEntity, flightsEntity } from '../__testUtils__/entities';
import {
  comingFlights,
  consumedFlights,
  fakeApi,
  pageOf,
  responseError,
} from '../__testUtils__/fakeApi';
import { FakeSignals } from '../__testUtils__/FakeSignals';
import { FLIGHTS, flightsDataset } from '../__testUtils__/flights';
import { renderOnEntity } from '../__testUtils__/render';
import { ConsumedDatasetsTab } from './ConsumedDatasetsTab';
import { ConsumerAlertCard } from './ConsumerAlertCard';
import { ConsumersTab } from './ConsumersTab';
import { DatasetCard } from './DatasetCard';
import { MigrationsTab } from './MigrationsTab';

const active = {
  id: '01jdq7f3',
  state: 'running',
  stage: 'transform',
} as const;

const blockedUntilChristmas = {
  id: '01jdq6b2',
  state: 'blocked',
  deadline: '2026-12-24T12:00:00Z',
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

  it('does not say that who declares no range accepts any version', async () => {
    await open();
    const row = within(
      await screen.findByRole('row', { name: /Nightly export/ }),
    );
    expect(row.getByText('not declared')).toBeInTheDocument();
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

describe('following a dataset', () => {
  const open = (overrides: Partial<DatasetMigrationsApi> = {}) =>
    renderOnEntity(<DatasetCard />, flightsEntity, { api: fakeApi(overrides) });
  const button = (name: RegExp) => screen.findByRole('button', { name });

  it('is one click, and another one that takes it back', async () => {
    const asked: boolean[] = [];
    await open({
      setSubscription: async (_, { following }) => {
        asked.push(following);
        return { following, available: true };
      },
    });
    const follow = await button(/^Follow /);
    expect(follow).toHaveAttribute('aria-pressed', 'false');
    await userEvent.click(follow);
    const following = await button(/^Following /);
    expect(following).toHaveAttribute('aria-pressed', 'true');
    expect(screen.getByText(/^You follow /)).toBeInTheDocument();
    await userEvent.click(following);
    expect(await button(/^Follow /)).toHaveAttribute('aria-pressed', 'false');
    expect(asked).toEqual([true, false]);
  });

  it('works by keyboard, says that it is busy, and ignores a second click', async () => {
    let answer = () => {};
    let asked = 0;
    await open({
      setSubscription: async (_, { following }) => {
        asked += 1;
        await new Promise<void>(resolve => {
          answer = resolve;
        });
        return { following, available: true };
      },
    });
    const follow = await button(/^Follow /);
    expect(follow).toHaveAttribute('aria-busy', 'false');
    follow.focus();
    await userEvent.keyboard('{Enter}');
    expect(follow).toHaveAttribute('aria-busy', 'true');
    await userEvent.keyboard('{Enter}');
    await userEvent.click(follow);
    expect(asked).toBe(1);
    await act(async () => answer());
    const following = await button(/^Following /);
    expect(following).toHaveFocus();
    expect(following).toHaveAttribute('aria-busy', 'false');
  });

  it('says why it did not work, and that one does not follow', async () => {
    await open({
      setSubscription: async () => {
        throw await responseError(429, 'TooManyChangesError', 'go on later');
      },
    });
    await userEvent.click(await button(/^Follow /));
    expect(await screen.findByRole('alert')).toHaveTextContent('go on later');
    expect(await button(/^Follow /)).toHaveAttribute('aria-pressed', 'false');
  });

  it('can be asked for again where it is not known', async () => {
    let broken = true;
    await open({
      getSubscription: async () => {
        if (broken) {
          throw await responseError(503, 'ServiceUnavailableError', 'no store');
        }
        return { following: true, available: true };
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('no store');
    expect(
      screen.queryByRole('button', { name: /^Follow/ }),
    ).not.toBeInTheDocument();
    broken = false;
    await userEvent.click(await button(/Try again/));
    await button(/^Following /);
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('is not offered where nobody is told', async () => {
    await open({
      getSubscription: async () => ({ following: false, available: false }),
    });
    await button(/Migrate dataset/);
    expect(
      screen.queryByRole('button', { name: /^Follow/ }),
    ).not.toBeInTheDocument();
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
      screen.getByText(/1 coming version would break Delay dashboard/),
    ).toBeInTheDocument();
  });

  it('shows what is read where a portal of an older release does not say what comes', async () => {
    const { coming, ...older } = consumedFlights();
    await open({
      getConsumedDatasets: async () => ({ items: [older as ConsumedDataset] }),
    });
    const row = within(await screen.findByRole('row', { name: /Flights/ }));
    expect(row.getByText('^1.0.0', { selector: 'td > code' })).toBeVisible();
    expect(row.queryByText('breaks')).not.toBeInTheDocument();
  });

  it('says until when, what changes, and what to declare', async () => {
    await open({
      getConsumedDatasets: async () => ({
        items: [
          consumedFlights({
            coming: [comingFlights({ migration: blockedUntilChristmas })],
          }),
        ],
      }),
    });
    const card = within(
      await screen.findByRole('region', { name: 'Flights 2.0.0' }),
    );
    expect(card.getByText('Dec 24, 2026')).toBeInTheDocument();
    expect(
      card.getByRole('link', { name: 'Migration blocked' }),
    ).toHaveAttribute('href', '/dataset-migrations/migrations/01jdq6b2');
    expect(
      card.getByLabelText('Changes that concern this consumer'),
    ).toHaveTextContent('delay renamed to arrival_delay (breaking)');
    expect(
      screen.getByRole('region', { name: 'Flights 2.0.0' }),
    ).toHaveTextContent('version: ^1.0.0 || ^2.0.0');
  });

  describe('with several coming versions', () => {
    const waiting = comingFlights({ migration: blockedUntilChristmas });
    const third = comingFlights({
      version: '3.0.0',
      verdict: flightConsumers[4],
      concerns: ['`date` dropped (risky)'],
      concernsId: 'date-dropped',
    });

    it('shows each beside its own verdict and deadline', async () => {
      await open({
        getConsumedDatasets: async () => ({
          items: [consumedFlights({ coming: [waiting, third] })],
        }),
      });
      const second = await screen.findByRole('row', {
        name: /1\.0\.0\W*to\W*2\.0\.0/,
      });
      expect(within(second).getByText('breaks')).toBeInTheDocument();
      expect(within(second).getByText('blocked')).toBeInTheDocument();
      expect(within(second).getByText('Dec 24, 2026')).toBeInTheDocument();
      const last = screen.getByRole('row', { name: /1\.0\.0\W*to\W*3\.0\.0/ });
      expect(within(last).getByText('ready')).toBeInTheDocument();
      expect(within(last).getByText('proposed')).toBeInTheDocument();
      expect(last).not.toHaveTextContent('Dec 24, 2026');
    });

    it('answers for the one that is chosen', async () => {
      const requests: AcknowledgeRequest[] = [];
      await open({
        getConsumedDatasets: async () => ({
          items: [consumedFlights({ coming: [waiting, third] })],
        }),
        acknowledge: async (ref, request) => {
          requests.push(request);
          return fakeApi().acknowledge(ref, request);
        },
      });
      const card = within(
        await screen.findByRole('region', { name: 'Flights 3.0.0' }),
      );
      await userEvent.click(card.getByRole('button', { name: 'Answer…' }));
      const dialog = within(
        screen.getByRole('dialog', { name: 'Flights 3.0.0' }),
      );
      expect(dialog.getByText(/dropped \(risky\)/)).toBeInTheDocument();
      await userEvent.click(
        dialog.getByRole('button', { name: 'Send answer' }),
      );
      await waitFor(() =>
        expect(requests).toMatchObject([
          { version: '3.0.0', concernsId: 'date-dropped' },
        ]),
      );
    });

    it('does not ask for an answer to one that has no plan', async () => {
      await open({
        getConsumedDatasets: async () => ({
          items: [
            consumedFlights({
              coming: [{ ...third, concerns: [], concernsId: undefined }],
            }),
          ],
        }),
      });
      await screen.findByRole('region', { name: 'Flights 3.0.0' });
      expect(
        screen.queryByRole('button', { name: 'Answer…' }),
      ).not.toBeInTheDocument();
    });
  });

  it('says of what nothing can be told what to declare', async () => {
    await open({
      getConsumedDatasets: async () => ({
        items: [
          consumedFlights({
            coming: [comingFlights({ verdict: flightConsumers[2] })],
          }),
        ],
      }),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      /^Whether 1 coming version would break Delay dashboard is not known: declare/,
    );
  });

  it('says that an old version is to retire, and not that nothing comes', async () => {
    await open({
      getConsumedDatasets: async () => ({
        items: [
          consumedFlights({
            dataset: flightsDataset({
              currentVersion: '2.0.0',
              nextVersion: undefined,
            }),
            coming: [
              comingFlights({
                migration: {
                  id: '01jdq5a1',
                  state: 'succeeded',
                  oldVersionState: 'coexisting',
                },
              }),
            ],
          }),
        ],
      }),
    });
    const row = within(
      await screen.findByRole('row', { name: /1\.0\.0\W*to\W*2\.0\.0/ }),
    );
    expect(
      row.getByText('1.0.0 is still there, and is to retire'),
    ).toBeInTheDocument();
    expect(screen.queryByText('no change announced')).not.toBeInTheDocument();
  });

  it('says of which datasets no change is announced', async () => {
    await open({
      getConsumedDatasets: async () => ({
        items: [consumedFlights({ coming: [] })],
      }),
    });
    expect(await screen.findByText('no change announced')).toBeInTheDocument();
  });

  describe('answering', () => {
    const requests: AcknowledgeRequest[] = [];
    let current: ConsumedDataset;

    async function answer(
      overrides: Partial<DatasetMigrationsApi> = {},
      coming: Partial<ComingVersion> = {},
    ) {
      requests.length = 0;
      current = consumedFlights({ coming: [comingFlights(coming)] });
      await open({
        getConsumedDatasets: async () => ({ items: [current] }),
        acknowledge: async (ref, request) => {
          requests.push(request);
          current = await fakeApi().acknowledge(ref, request);
          return current;
        },
        ...overrides,
      });
      await userEvent.click(
        await screen.findByRole('button', { name: 'Answer…' }),
      );
      return within(screen.getByRole('dialog', { name: 'Flights 2.0.0' }));
    }

    it('acknowledges the changes that it shows', async () => {
      const dialog = await answer();
      expect(dialog.getByText(/renamed to/)).toBeInTheDocument();
      await userEvent.click(
        dialog.getByRole('button', { name: 'Send answer' }),
      );
      await waitFor(() =>
        expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
      );
      expect(requests).toEqual([
        {
          datasetRef: FLIGHTS,
          version: '2.0.0',
          answer: 'ready',
          concernsId: 'delay-renamed',
        },
      ]);
      const card = within(
        screen.getByRole('region', { name: 'Flights 2.0.0' }),
      );
      expect(await card.findByText('Your answer')).toBeInTheDocument();
      expect(card.getByRole('link', { name: /bessie/ })).toBeInTheDocument();
    });

    it('asks for more time with a day and a reason only', async () => {
      const dialog = await answer();
      await userEvent.click(
        dialog.getByRole('radio', { name: 'I need more time' }),
      );
      const send = dialog.getByRole('button', { name: 'Send answer' });
      expect(send).toBeDisabled();
      fireEvent.change(dialog.getByLabelText(/Until/), {
        target: { value: '2099-12-24' },
      });
      expect(send).toBeDisabled();
      await userEvent.type(
        dialog.getByRole('textbox', { name: /Why/ }),
        'The release is frozen',
      );
      await userEvent.click(send);
      await waitFor(() => expect(requests).toHaveLength(1));
      expect(requests[0]).toMatchObject({
        answer: 'more-time',
        date: DateTime.fromISO('2099-12-24').endOf('day').toUTC().toISO(),
        reason: 'The release is frozen',
      });
    });

    it('shows the changes anew when they are others by now', async () => {
      const dialog = await answer({
        acknowledge: async () => {
          current = consumedFlights({
            coming: [
              comingFlights({
                concerns: ['`date` dropped (breaking)'],
                concernsId: 'date-dropped',
              }),
            ],
          });
          throw await responseError(409, 'ConflictError', 'Other changes');
        },
      });
      const send = dialog.getByRole('button', { name: 'Send answer' });
      await userEvent.click(send);
      expect(await dialog.findByText('Other changes')).toBeInTheDocument();
      const show = await dialog.findByRole('button', { name: 'Show them' });
      // What is seen is what is answered to, until its reader asks for more.
      expect(dialog.getByText(/renamed to/)).toBeInTheDocument();
      expect(send).toBeDisabled();
      await userEvent.click(show);
      expect(dialog.getByText(/dropped \(breaking\)/)).toBeInTheDocument();
      expect(dialog.queryByText(/renamed to/)).not.toBeInTheDocument();
      expect(send).toBeEnabled();
    });

    it('takes an answer back', async () => {
      const verdict = {
        ...flightConsumers[0],
        answer: {
          kind: 'ready' as const,
          by: 'user:default/bessie',
          at: '2026-11-28T10:00:00Z',
          dropped: 'since then came another',
        },
      };
      const dialog = await answer({}, { verdict });
      expect(
        screen.getByText('acknowledged other changes'),
      ).toBeInTheDocument();
      await userEvent.click(
        dialog.getByRole('radio', { name: 'Take my last answer back' }),
      );
      await userEvent.click(
        dialog.getByRole('button', { name: 'Send answer' }),
      );
      await waitFor(() =>
        expect(requests).toMatchObject([{ answer: 'withdrawn' }]),
      );
    });

    it('is not offered to others', async () => {
      await open({
        getConsumedDatasets: async () => ({
          items: [consumedFlights({ mayAcknowledge: false })],
        }),
      });
      await screen.findByRole('region', { name: 'Flights 2.0.0' });
      expect(
        screen.queryByRole('button', { name: 'Answer…' }),
      ).not.toBeInTheDocument();
    });
  });

  it('shows how to declare what is read where nothing is', async () => {
    await open({ getConsumedDatasets: async () => ({ items: [] }) });
    expect(
      await screen.findByText('No dataset is known to be read here'),
    ).toBeInTheDocument();
  });

  it('says how many more there are, and whether something may come of them', async () => {
    await open({
      getConsumedDatasets: async () => ({
        items: [consumedFlights()],
        omitted: 20,
      }),
    });
    expect(
      await screen.findByText(
        'Not shown here: 20 more datasets. What comes of them may break this entity, too.',
      ),
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

describe('alert on the overview of a consumer', () => {
  const open = (overrides: Partial<DatasetMigrationsApi> = {}) =>
    renderOnEntity(<ConsumerAlertCard />, dashboardEntity, {
      api: fakeApi(overrides),
    });

  it('says what would break, until when, and leads to the tab', async () => {
    await open({
      getConsumedDatasets: async () => ({
        items: [
          consumedFlights({
            coming: [comingFlights({ migration: blockedUntilChristmas })],
          }),
        ],
      }),
    });
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('1 coming version would break this entity');
    expect(alert).toHaveTextContent('waits for you, until Dec 24, 2026');
    expect(within(alert).getByRole('link')).toHaveAttribute(
      'href',
      '/catalog/default/component/delay-dashboard/datasets',
    );
  });

  it('tells apart what would break, what is not known and what has no plan', async () => {
    const unknown = comingFlights({ verdict: flightConsumers[2] });
    await open({
      getConsumedDatasets: async () => ({
        items: [
          consumedFlights({
            coming: [unknown, { ...unknown, version: '3.0.0' }],
          }),
          consumedFlights({
            dataset: flightsDataset({ title: 'Airports' }),
            coming: [{ ...unknown, concerns: [], concernsId: undefined }],
          }),
        ],
      }),
    });
    const [notKnown, unplanned] = await screen.findAllByRole('alert');
    expect(notKnown).toHaveTextContent(
      'Whether 2 coming versions would break this entity is not known',
    );
    expect(notKnown).toHaveTextContent('Flights 2.0.0Flights 3.0.0');
    expect(unplanned).toHaveTextContent(
      'There is no plan for 1 coming versionAirports 2.0.0',
    );
    expect(
      screen.queryByText(/versions? would break this entity$/),
    ).not.toBeInTheDocument();
    expect(screen.queryByText(/nothing that comes/)).not.toBeInTheDocument();
  });

  it('says that nothing breaks', async () => {
    await open({
      getConsumedDatasets: async () => ({
        items: [
          consumedFlights({
            coming: [comingFlights({ verdict: flightConsumers[4] })],
          }),
        ],
      }),
    });
    expect(
      await screen.findByText(
        '1 dataset; nothing that comes breaks anything here.',
      ),
    ).toBeInTheDocument();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('G6: says so of datasets that are not shown only where nothing comes of them', async () => {
    const ready = consumedFlights({
      coming: [comingFlights({ verdict: flightConsumers[4] })],
    });
    const safe = '22 datasets; nothing that comes breaks anything here.';
    const { unmount } = await open({
      getConsumedDatasets: async () => ({
        items: [ready, consumedFlights({ coming: [] })],
        omitted: 20,
      }),
    });
    expect(await screen.findByText(safe)).toBeInTheDocument();
    expect(screen.getByRole('alert')).toHaveTextContent(
      'Not shown here: 20 more datasets. Nothing comes of them.',
    );
    unmount();

    await open({
      getConsumedDatasets: async () => ({ items: [ready, ready], omitted: 20 }),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'What comes of them may break this entity, too.',
    );
    expect(screen.queryByText(safe)).not.toBeInTheDocument();
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
