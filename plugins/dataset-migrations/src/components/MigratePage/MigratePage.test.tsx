import {
  DatasetMigrationsApi,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { manyConsumers } from '../../__testUtils__/consumers';
import { fakeApi, responseError } from '../../__testUtils__/fakeApi';
import {
  flightEnginePlan,
  flightTablePlan,
  flightsDataset,
  flightsPlan,
  flightsPreview,
} from '../../__testUtils__/flights';
import { flightsMigration } from '../../__testUtils__/migrations';
import { renderPage } from '../../__testUtils__/render';

const PATH = '/migrate/resource/default/flights';

function open(overrides: Partial<DatasetMigrationsApi> = {}, path = PATH) {
  return renderPage(path, { api: fakeApi(overrides) });
}

const startButton = () =>
  screen.findByRole('button', { name: 'Start migration' });

describe('MigratePage', () => {
  it('shows what changes, whom it breaks and how the engine goes about it', async () => {
    await open();
    const changes = await screen.findByRole('table', { name: 'Changes' });
    const renamed = within(changes).getByRole('row', { name: /arrival_delay/ });
    expect(within(renamed).getByText('breaking')).toBeInTheDocument();
    expect(
      within(changes).getByRole('row', {
        name: /16-bit integer, required.*32-bit integer, required/,
      }),
    ).toBeInTheDocument();

    const consumers = screen.getByRole('table', { name: 'Consumers' });
    const dashboard = within(consumers).getByRole('row', {
      name: /Delay dashboard/,
    });
    expect(within(dashboard).getByText('breaks')).toBeInTheDocument();
    expect(dashboard).toHaveTextContent(
      'reads delay, renamed to arrival_delay',
    );

    expect(
      screen.getByText('3 consumers would or might break, of 12 in all'),
    ).toBeInTheDocument();
    expect(screen.getByText('Needs a major version.')).toBeInTheDocument();
    expect(screen.getByText('about 48.2 MB')).toBeInTheDocument();
    expect(
      within(screen.getByRole('list', { name: 'Steps' })).getByText(
        'derive-field',
      ),
    ).toBeInTheDocument();
  });

  it('G8: promises no more of a roll back than it keeps', async () => {
    await open({
      plan: async () => flightsPlan({ rollbackSeconds: 48 * 3_600 }),
    });
    const summary = await screen.findByRole('list', { name: 'Plan in short' });
    expect(summary).toHaveTextContent(
      'Can be rolled back for 2 daysAs long as nothing was written to 2.0.0.',
    );
  });

  it('shows real rows before and after, and says which values are masked', async () => {
    await open();
    const before = await screen.findByRole('table', { name: 'Before' });
    const after = screen.getByRole('table', { name: 'After' });
    expect(within(before).getAllByRole('row')).toHaveLength(9);
    expect(within(before).getAllByText('masked')).toHaveLength(8);
    expect(within(before).getByText('NULL')).toBeInTheDocument();
    expect(within(after).getByText('SEA-SMF')).toBeInTheDocument();
    expect(
      within(after).getByRole('columnheader', {
        name: /arrival_delay ?\(changes\)/,
      }),
    ).toBeInTheDocument();
  });

  it('starts one migration however often one clicks, and goes to it', async () => {
    const keys: Array<string | undefined> = [];
    let answer: () => void = () => {};
    const answered = new Promise<void>(resolve => (answer = resolve));
    await open({
      startMigration: async (_, options) => {
        keys.push(options?.idempotencyKey);
        await answered;
        return flightsMigration();
      },
    });
    const button = await startButton();
    await waitFor(() => expect(button).toBeEnabled());
    // Both clicks before the page has drawn itself again.
    button.click();
    button.click();
    answer();
    await waitFor(() =>
      expect(screen.getByTestId('address')).toHaveTextContent(
        '/dataset-migrations/migrations/01jdq7f3',
      ),
    );
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  it('asks again under the same key after a failure, and under another key for another choice', async () => {
    const calls: Array<[Policy | undefined, string | undefined]> = [];
    await open({
      startMigration: async (request, options) => {
        calls.push([request.policy, options?.idempotencyKey]);
        throw await responseError(503, 'ServiceUnavailableError', 'try later');
      },
    });
    const button = await startButton();
    await userEvent.click(button);
    expect(await screen.findByText('try later')).toBeInTheDocument();
    await userEvent.click(button);
    await waitFor(() => expect(calls).toHaveLength(2));
    await userEvent.click(screen.getByRole('radio', { name: /^Switch/ }));
    await waitFor(() => expect(button).toBeEnabled());
    await userEvent.click(button);
    await waitFor(() => expect(calls).toHaveLength(3));
    expect(calls.map(([policy]) => policy)).toEqual([
      'coexist',
      'coexist',
      'switch',
    ]);
    expect(calls[1][1]).toBe(calls[0][1]);
    expect(calls[2][1]).not.toBe(calls[0][1]);
  });

  it('proposes to publish beside the old version when someone would break, and says why switch stops', async () => {
    await open();
    expect(
      await screen.findByRole('radio', {
        name: /Publish beside the old version \(proposed\)/,
      }),
    ).toBeChecked();
    expect(
      screen.getByRole('radio', {
        name: /It will stop: 3 consumers would or might break/,
      }),
    ).not.toBeChecked();
  });

  it('leads to the migration that is active already', async () => {
    let active = false;
    await open({
      getDataset: async () =>
        flightsDataset({
          activeMigration: active
            ? { id: 'other', state: 'running' }
            : undefined,
        }),
      startMigration: async () => {
        active = true;
        throw await responseError(
          409,
          'ConflictError',
          'A migration of resource:default/flights is active',
        );
      },
    });
    await userEvent.click(await startButton());
    expect(
      await screen.findByText(
        'A migration of resource:default/flights is active',
      ),
    ).toBeInTheDocument();
    const links = await screen.findAllByRole('link', {
      name: 'Open the active migration',
    });
    expect(links[0]).toHaveAttribute(
      'href',
      '/dataset-migrations/migrations/other',
    );
    expect(await startButton()).toBeDisabled();
  });

  it('gives advice when the engine refuses the plan', async () => {
    await open({
      plan: async () =>
        flightsPlan({
          enginePlan: {
            ...flightEnginePlan,
            refusals: [
              'Drop the view `v_flights` first: it depends on `delay`.',
            ],
          },
        }),
    });
    expect(
      await screen.findByText('Before this can start'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('list', { name: 'What stands in the way' }),
    ).toHaveTextContent('Drop the view v_flights first: it depends on delay.');
    expect(await startButton()).toBeDisabled();
  });

  it('looks again when the owner has put right what stood in the way', async () => {
    let refusals = ['Drop the view `v_flights` first.'];
    await open({
      plan: async () =>
        flightsPlan({ enginePlan: { ...flightEnginePlan, refusals } }),
    });
    const again = await screen.findByRole('button', { name: 'Look again' });
    refusals = [];
    await userEvent.click(again);
    await waitFor(() =>
      expect(
        screen.queryByText('Before this can start'),
      ).not.toBeInTheDocument(),
    );
    expect(await startButton()).toBeEnabled();
  });

  it('says how the data is moved, what that needs and what it locks', async () => {
    await open({
      plan: async () => flightsPlan({ enginePlan: flightTablePlan }),
    });
    expect(
      await screen.findByText('Copy into a shadow beside the live data'),
    ).toBeInTheDocument();
    expect(screen.getByText('about 42,000,000')).toBeInTheDocument();
    expect(screen.getByText('about 4 min 20 s')).toBeInTheDocument();
    expect(screen.getByText('about 6.1 GB')).toBeInTheDocument();
    const locks = screen.getByRole('table', { name: 'Locks' });
    expect(
      within(locks)
        .getAllByRole('row')
        .map(line => line.textContent),
    ).toEqual([
      'WhatModeWhenHeld for',
      'public.flightsSHARE ROW EXCLUSIVEprepareabout 12 ms',
      'public.flightsACCESS EXCLUSIVEcut overabout 1.5 s',
    ]);
  });

  it('says that a plan of metadata copies and locks nothing', async () => {
    await open({
      plan: async () =>
        flightsPlan({
          enginePlan: {
            engine: 'postgres',
            strategy: 'metadata-only',
            chunks: 0,
            locks: [],
            notes: [],
            refusals: [],
          },
        }),
    });
    expect(
      await screen.findByText('Metadata only: no row is copied'),
    ).toBeInTheDocument();
    expect(screen.getByText(/^Nothing is locked/)).toBeInTheDocument();
    expect(screen.queryByText('Chunks')).not.toBeInTheDocument();
  });

  it('shows the plan of the chosen policy, and starts no other', async () => {
    const refusals = ['Under `switch`, drop the view `v_flights` first.'];
    const asked: Array<Policy | undefined> = [];
    let answers = 0;
    await open({
      plan: async (_, { policy }) => {
        asked.push(policy);
        if (policy === 'switch' && answers++ === 0) {
          throw await responseError(
            503,
            'ServiceUnavailableError',
            'no answer',
          );
        }
        return flightsPlan({
          enginePlan: {
            ...flightEnginePlan,
            notes: [`Planned for ${policy ?? 'coexist'}`],
            refusals: policy === 'switch' ? refusals : [],
          },
        });
      },
    });
    expect(await screen.findByText('Planned for coexist')).toBeInTheDocument();
    expect(await startButton()).toBeEnabled();

    // Nothing is known of the chosen one: nothing is shown, nothing starts.
    await userEvent.click(screen.getByRole('radio', { name: /^Switch/ }));
    expect(screen.queryByText('Planned for coexist')).not.toBeInTheDocument();
    expect(await screen.findByText('no answer')).toBeInTheDocument();
    expect(await startButton()).toBeDisabled();

    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Planned for switch')).toBeInTheDocument();
    expect(screen.getByText('v_flights')).toBeInTheDocument();
    expect(await startButton()).toBeDisabled();
    expect(asked).toEqual([undefined, 'switch', 'switch']);

    await userEvent.click(screen.getByRole('radio', { name: /^Publish/ }));
    expect(screen.getByText('Planned for coexist')).toBeInTheDocument();
    expect(screen.queryByText('Before this can start')).not.toBeInTheDocument();
    expect(await startButton()).toBeEnabled();
  });

  it('says what is wrong with a version that cannot be planned', async () => {
    await open({
      plan: async () => {
        throw await responseError(
          400,
          'InputError',
          "steps[1].payload.field: 'distanse' is no field of flights 1.0.0",
        );
      },
    });
    expect(
      await screen.findByText(/'distanse' is no field of flights 1.0.0/),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Start migration' }),
    ).not.toBeInTheDocument();
  });

  async function openTooLow(versions: string[]) {
    await open({
      getDataset: async () =>
        flightsDataset({
          versions: versions.map((version, index) => ({
            version,
            state: index === 0 ? 'current' : 'proposed',
            status: index === 0 ? 'active' : 'proposed',
          })),
          nextVersion: '1.1.0',
        }),
      plan: async () => {
        throw await responseError(
          400,
          'InputError',
          'Version 1.1.0 is too low a bump for breaking changes since 1.0.0; they need 2.0.0 or higher (`delay`: dropped)',
          { lowestVersion: '2.0.0', requiredBump: 'major' },
        );
      },
    });
  }

  it('offers the version that would do, to copy, where it is too low', async () => {
    await openTooLow(['1.0.0', '1.1.0']);
    const offer = await screen.findByRole('region', { name: 'Call it 2.0.0' });
    expect(offer).toHaveTextContent('Instead of version: 1.1.0');
    expect(
      await within(offer).findByRole('button', { name: /copy/i }),
    ).toBeInTheDocument();
    expect(offer).toHaveTextContent('version: 2.0.0');
  });

  it('offers no version that another contract has', async () => {
    await openTooLow(['1.0.0', '1.1.0', '2.0.0']);
    expect(
      await screen.findByText(/2\.0\.0 would do, but another contract has it/),
    ).toBeInTheDocument();
    expect(screen.queryByText('Call it 2.0.0')).not.toBeInTheDocument();
  });

  it('plans the version of the address, and another one when it is chosen', async () => {
    await open({}, `${PATH}?version=3.0.0`);
    expect(
      await screen.findByText(
        '3 consumers would lose something they read with 3.0.0',
      ),
    ).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: /Target version 3.0.0/ }),
    );
    await userEvent.click(screen.getByRole('option', { name: '2.0.0' }));
    expect(
      await screen.findByText(
        '3 consumers would lose something they read with 2.0.0',
      ),
    ).toBeInTheDocument();
    expect(screen.getByTestId('address')).toHaveTextContent('version=2.0.0');
  });

  it('explains how to get a version to migrate to', async () => {
    await open({
      getDataset: async () =>
        flightsDataset({
          nextVersion: undefined,
          versions: [{ version: '1.0.0', state: 'current', status: 'active' }],
        }),
    });
    expect(
      await screen.findByText('There is no version to migrate to'),
    ).toBeInTheDocument();
  });

  it('shows everything but the rows to those who may not see values (G11)', async () => {
    await open({
      preview: async () => {
        throw await responseError(403, 'NotAllowedError', 'not allowed');
      },
    });
    expect(
      await screen.findByText('You may not see values of this dataset'),
    ).toBeInTheDocument();
    expect(screen.getByRole('table', { name: 'Changes' })).toBeInTheDocument();
    expect(await startButton()).toBeEnabled();
  });

  it('shows rows and steps by table where there are several', async () => {
    await open({
      plan: async () =>
        flightsPlan({
          steps: [
            {
              object: 'carriers',
              agent: 'rename-field',
              payload: { from: 'code', to: 'iata' },
            },
          ],
          changes: [
            {
              kind: 'field-renamed',
              object: 'carriers',
              from: 'carriers.code',
              to: 'airlines.iata',
              effect: 'breaking',
              summary: 'renamed to `airlines.iata`',
            },
          ],
        }),
      preview: async () => ({
        ...flightsPreview,
        object: 'flights',
        further: [
          {
            object: 'carriers',
            columnsBefore: ['code'],
            columnsAfter: ['iata'],
            before: [['AA']],
            after: [['AA']],
            maskedBefore: [],
            maskedAfter: [],
          },
        ],
      }),
    });
    const after = await screen.findByRole('table', { name: 'carriers, after' });
    expect(after).toHaveTextContent('iata (changes)');
    expect(
      screen.getByRole('table', { name: 'flights, before' }),
    ).not.toHaveTextContent('(changes)');
    expect(
      within(screen.getByRole('list', { name: 'Steps' })).getByText('carriers'),
    ).toBeInTheDocument();
  });

  it('runs a preflight and names what does not fit', async () => {
    await open({
      getPreflight: async (_, id) => ({
        id,
        state: 'done',
        rowsScanned: 3_000_000,
        findings: [
          {
            kind: 'cast-fails',
            field: 'distance',
            rows: 2,
            message: '`distance` is no 32-bit integer',
            samples: ['abc'],
          },
        ],
      }),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Run preflight' }),
    );
    const findings = await screen.findByRole('list', { name: 'Findings' });
    expect(findings).toHaveTextContent('2 rows: distance is no 32-bit integer');
    expect(findings).toHaveTextContent('For example abc');
    expect(screen.getByText('onFailure: quarantine')).toBeInTheDocument();
  });

  it('tells rows that will be set aside from those that are refused', async () => {
    await open({
      getPreflight: async (_, id) => ({
        id,
        state: 'done',
        rowsScanned: 3_000_000,
        findings: [
          {
            kind: 'rows-set-aside',
            field: 'distance',
            rows: 2,
            message: '2 rows will be set aside',
          },
        ],
      }),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Run preflight' }),
    );
    const findings = await screen.findByRole('list', { name: 'Findings' });
    expect(findings).toHaveTextContent('2 rows will be set aside');
    expect(
      screen.getByText('Everything else fits in 3,000,000 rows.'),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Preflight done, 0 findings; rows will be set aside'),
    ).toBeInTheDocument();
    expect(screen.queryByText('onFailure: quarantine')).not.toBeInTheDocument();
  });

  it('finds one of 1,000 consumers', async () => {
    await open({
      plan: async () => flightsPlan({ consumers: manyConsumers(1_000) }),
    });
    expect(
      await screen.findByRole('button', { name: /100\s*would break/ }),
    ).toBeInTheDocument();
    await userEvent.type(
      screen.getByRole('searchbox', { name: 'Search consumers' }),
      'service-0777',
    );
    const table = screen.getByRole('table', { name: 'Consumers' });
    await waitFor(() =>
      expect(within(table).getAllByRole('row')).toHaveLength(2),
    );
    expect(within(table).getByText('service-0777')).toBeInTheDocument();
  });

  it('says that there is no such dataset', async () => {
    await open({
      getDataset: async () => {
        throw await responseError(404, 'NotFoundError', 'No dataset flights');
      },
    });
    expect(
      await screen.findByText('There is no trace of this dataset'),
    ).toBeInTheDocument();
  });
});
