import {
  BoardRequest,
  DatasetMigrationsApi,
  Migration,
  MigrationDatesRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DateTime } from 'luxon';
import { manyConsumers } from '../../__testUtils__/consumers';
import { boardOf, fakeApi, responseError } from '../../__testUtils__/fakeApi';
import { blockedMigration } from '../../__testUtils__/migrations';
import { renderPage } from '../../__testUtils__/render';
import { saveFile } from '../../saveFile';

jest.mock('../../saveFile');

const { id } = blockedMigration();

const open = (
  overrides: Partial<DatasetMigrationsApi> = {},
  options: { search?: string; migration?: Migration; denied?: string[] } = {},
) =>
  renderPage(`/migrations/${id}${options.search ?? ''}`, {
    api: fakeApi({
      getMigration: async () => options.migration ?? blockedMigration(),
      ...overrides,
    }),
    denied: options.denied,
  });

const board = async () =>
  within(
    await screen.findByRole('region', { name: 'Consumers of the migration' }),
  );

describe('the board of a migration', () => {
  it('says of whom nobody owns that nobody can answer', async () => {
    const [first, ...others] = manyConsumers(3);
    const { owner: _owner, ...consumer } = first.consumer;
    await open({
      getBoard: async (_, request) =>
        boardOf([{ ...first, consumer }, ...others], request),
    });
    const table = within(
      await (await board()).findByRole('table', { name: 'Consumers' }),
    );
    const row = await table.findByRole('row', { name: /service-0000/ });
    expect(
      within(row).getByText(/nobody owns it, so nobody can answer/),
    ).toBeInTheDocument();
    expect(table.getAllByText(/nobody owns it/)).toHaveLength(1);
  });

  it('says on request how it is known what somebody reads', async () => {
    await open({
      getBoard: async (_, request) => {
        const shown = boardOf(manyConsumers(2), request);
        shown.items[0].consumer.evidence = [
          { by: 'parsed', field: 'delay', file: 'models/a.sql', line: 12 },
        ];
        return shown;
      },
    });
    await userEvent.click(
      await (await board()).findByText('parsed from 1 file; perhaps not all'),
    );
    expect(screen.getByText('models/a.sql:12', { exact: false })).toBeVisible();
  });

  it('shows everybody, what is asked of them, until when, and what they say', async () => {
    await open({
      getBoard: async (_, request) => {
        const shown = boardOf(manyConsumers(11), request);
        shown.items[0].answer = {
          kind: 'more-time',
          date: '2027-01-10T12:00:00Z',
          reason: 'The release is frozen',
          by: 'user:default/bessie',
          at: '2026-11-28T10:00:00Z',
        };
        return shown;
      },
    });
    const table = within(
      await (await board()).findByRole('table', { name: 'Consumers' }),
    );
    await waitFor(() => expect(table.getAllByRole('row')).toHaveLength(12));
    const row = table.getByRole('row', { name: /service-0000/ });
    for (const text of [
      'breaks',
      'team-0',
      'reads delay, renamed to arrival_delay',
      'stop reading what changes, or acknowledge',
      'asks for time until Jan 10, 2027',
      'The release is frozen',
      'bessie',
    ]) {
      expect(row).toHaveTextContent(text);
    }
    expect(row).toHaveTextContent(/Dec 2[45], 2026/);
  });

  it('asks the backend for pages of 5,000, and draws what is in sight', async () => {
    const requests: Array<BoardRequest | undefined> = [];
    await open({
      getBoard: async (_, request) => {
        requests.push(request);
        return boardOf(manyConsumers(5_000), request);
      },
    });
    const card = await board();
    const table = await card.findByRole('table', { name: 'Consumers' });
    await waitFor(() => expect(table).toHaveAttribute('aria-rowcount', '201'));
    expect(within(table).getAllByRole('row').length).toBeLessThan(60);
    expect(card.getByText('1–200 of 5,000')).toBeInTheDocument();
    await userEvent.click(card.getByRole('button', { name: 'Next' }));
    expect(await card.findByText('201–400 of 5,000')).toBeInTheDocument();
    expect(requests.map(request => request?.cursor)).toContain('200');
  });

  it('keeps filters in the address, and follows it', async () => {
    const requests: Array<BoardRequest | undefined> = [];
    await open(
      {
        getBoard: async (_, request) => {
          requests.push(request);
          return boardOf(manyConsumers(50), request);
        },
      },
      {
        search:
          '?verdict=breaks&answer=none&owner=group:default/team-0&search=service',
      },
    );
    const card = await board();
    await waitFor(() =>
      expect(requests[0]).toMatchObject({
        verdict: ['breaks'],
        answer: ['none'],
        owner: 'group:default/team-0',
        search: 'service',
      }),
    );
    const breaks = await card.findByRole('button', { name: /5\s*would break/ });
    expect(breaks).toHaveAttribute('aria-pressed', 'true');
    await userEvent.click(breaks);
    expect(screen.getByTestId('address')).not.toHaveTextContent('verdict');
    await userEvent.click(card.getByRole('button', { name: /45\s*ready/ }));
    expect(screen.getByTestId('address')).toHaveTextContent('verdict=ready');
  });

  it('saves what is filtered as CSV', async () => {
    const asked: unknown[] = [];
    await open(
      {
        getBoardCsv: async (_, request) => {
          asked.push(request);
          return 'consumer\r\n';
        },
      },
      { search: '?verdict=breaks' },
    );
    await userEvent.click(
      await (await board()).findByRole('button', { name: 'Download CSV' }),
    );
    await waitFor(() =>
      expect(saveFile).toHaveBeenCalledWith(
        'consumers-resource-default-flights-2-0-0.csv',
        'text/csv',
        'consumer\r\n',
      ),
    );
    expect(asked).toEqual([{ verdict: ['breaks'] }]);
  });

  it('says that no consumer matches, and is silent where there is none', async () => {
    await open({}, { search: '?search=nobody' });
    expect(
      await screen.findByText('No consumer matches the filters.'),
    ).toBeInTheDocument();
  });

  it('says what went wrong, and tries again', async () => {
    let fails = true;
    await open({
      getBoard: async (_, request) => {
        if (fails) {
          throw await responseError(500, 'Error', 'the database is gone');
        }
        return boardOf(manyConsumers(3), request);
      },
    });
    const card = await board();
    expect(await card.findByRole('alert')).toHaveTextContent(
      'Could not load the consumers: the database is gone',
    );
    fails = false;
    await userEvent.click(card.getByRole('button', { name: 'Try again' }));
    expect(
      await card.findByRole('table', { name: 'Consumers' }),
    ).toBeInTheDocument();
  });

  it('lets who may migrate set dates, of which only the changed ones are sent', async () => {
    const requests: MigrationDatesRequest[] = [];
    await open(
      {
        setMigrationDates: async (_, request) => {
          requests.push(request);
          return blockedMigration({ deadline: request.deadline ?? undefined });
        },
      },
      {
        migration: blockedMigration({ retirement: '2099-01-10T12:00:00Z' }),
      },
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Set dates…' }),
    );
    const dialog = within(
      screen.getByRole('dialog', { name: 'Dates for the consumers' }),
    );
    const save = dialog.getByRole('button', { name: 'Save' });
    expect(save).toBeDisabled();
    fireEvent.change(dialog.getByLabelText(/Deadline/), {
      target: { value: '2098-12-24' },
    });
    fireEvent.change(dialog.getByLabelText(/Retirement/), {
      target: { value: '' },
    });
    await userEvent.click(save);
    await waitFor(() =>
      expect(requests).toEqual([
        {
          deadline: DateTime.fromISO('2098-12-24').endOf('day').toUTC().toISO(),
          retirement: null,
        },
      ]),
    );
    expect(await screen.findByText('Dec 24, 2098')).toBeInTheDocument();
  });

  it('offers no dates to others', async () => {
    // Of a dataset of its own, as decisions are kept by resource across tests.
    const migration = blockedMigration({
      datasetRef: 'resource:default/fares',
    });
    await open({}, { migration, denied: ['dataset.migrate'] });
    await (await board()).findByRole('table', { name: 'Consumers' });
    expect(
      screen.queryByRole('button', { name: 'Set dates…' }),
    ).not.toBeInTheDocument();
  });
});
