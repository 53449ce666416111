import {
  AcceptChangeRequest,
  Change,
  ConsumerVerdict,
  DatasetMigrationsApi,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { flightConsumers } from '../../__testUtils__/consumers';
import {
  acceptedChange,
  fakeApi,
  responseError,
} from '../../__testUtils__/fakeApi';
import {
  FLIGHTS,
  flightChanges,
  flightsPlan,
} from '../../__testUtils__/flights';
import {
  blockedMigration,
  succeededMigration,
} from '../../__testUtils__/migrations';
import { renderPage } from '../../__testUtils__/render';

const [renaming, widened] = flightChanges;
const renamed: Change = { ...renaming, rule: 'field-renamed' };
const compatible: Change = { ...widened, rule: 'type-widened' };

const { id, by, reason, at } = acceptedChange();
const accepted: Change = {
  ...renamed,
  effect: 'risky',
  accepted: { id, by, reason, at, was: 'breaking' },
};

const [dashboard, planner, nightly] = flightConsumers;
const consumers: ConsumerVerdict[] = [
  { ...dashboard, touchedBy: [renamed] },
  planner,
  nightly,
];

const ACCEPT = 'Accept: delay renamed to arrival_delay';
const WITHDRAW = 'Withdraw: delay renamed to arrival_delay';

/** Opens a plan whose first change is accepted, or not, as the backend has it then. */
function openPlan(
  overrides: Partial<DatasetMigrationsApi> = {},
  first = renamed,
) {
  let change = first;
  const asked: AcceptChangeRequest[] = [];
  const api = fakeApi({
    plan: async () => flightsPlan({ changes: [change, compatible], consumers }),
    acceptChange: async (_, request) => {
      asked.push(request);
      change = accepted;
      return acceptedChange();
    },
    withdrawAcceptedChange: async () => {
      change = renamed;
      return acceptedChange();
    },
    ...overrides,
  });
  return renderPage('/migrate/resource/default/flights', { api }).then(
    () => asked,
  );
}

const table = () => screen.findByRole('table', { name: 'Changes' });

async function decide(name: string) {
  await userEvent.click(await screen.findByRole('button', { name }));
  return screen.findByRole('dialog');
}

describe('accepting a change', () => {
  it('G6: shows whom it touches first, and asks for a reason', async () => {
    const asked = await openPlan();
    const dialog = await decide(ACCEPT);
    const touched = within(dialog).getByRole('list', {
      name: 'Consumers that it touches',
    });
    expect(within(touched).getAllByRole('link')[0]).toHaveTextContent(
      'Delay dashboard',
    );
    expect(touched).not.toHaveTextContent('Crew planner');
    expect(
      within(dialog).getByRole('list', { name: 'Consumers that may read it' }),
    ).toHaveTextContent('Nightly export');

    const confirm = within(dialog).getByRole('button', {
      name: 'Accept change',
    });
    const field = within(dialog).getByRole('textbox', { name: /Reason/ });
    expect(confirm).toBeDisabled();
    await userEvent.type(field, '  a ');
    expect(confirm).toBeDisabled();
    expect(
      within(dialog).getByText('At least three characters'),
    ).toBeInTheDocument();
    await userEvent.type(field, 'nd b');
    await userEvent.click(confirm);
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    expect(asked).toEqual([
      {
        targetVersion: '2.0.0',
        rule: 'field-renamed',
        field: 'delay',
        summary: 'renamed to `arrival_delay`',
        reason: 'a nd b',
      },
    ]);
    const row = within(await table()).getByRole('row', {
      name: /arrival_delay/,
    });
    await waitFor(() =>
      expect(row).toHaveTextContent(
        /Accepted by .*amelia on .*: it reads by position \(it is breaking otherwise\)/,
      ),
    );
    expect(within(row).getByText('risky')).toBeInTheDocument();
    expect(
      screen.getByText('1 breaking change of 2, 1 accepted'),
    ).toBeInTheDocument();
  });

  it('takes no longer a reason than is kept', async () => {
    await openPlan();
    const dialog = await decide(ACCEPT);
    const field = within(dialog).getByRole('textbox', { name: /Reason/ });
    expect(field).toHaveAttribute('maxlength', '500');
  });

  it('offers nothing for what is compatible', async () => {
    await openPlan();
    await screen.findByRole('button', { name: ACCEPT });
    expect(within(await table()).getAllByRole('button')).toHaveLength(1);
  });

  it('stays open when it is another change by now, and shows that', async () => {
    let plans = 0;
    await openPlan({
      plan: async () => {
        plans += 1;
        return flightsPlan({ changes: [renamed], consumers });
      },
      acceptChange: async () => {
        throw await responseError(
          409,
          'ConflictError',
          'The change reads otherwise than it was shown: dropped',
        );
      },
    });
    const dialog = await decide(ACCEPT);
    const before = plans;
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: /Reason/ }),
      'why not',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Accept change' }),
    );
    expect(
      await within(dialog).findByText(/reads otherwise than it was shown/),
    ).toBeInTheDocument();
    await waitFor(() => expect(plans).toBeGreaterThan(before));
  });

  it('G6: says what counts no longer, as the contract says otherwise by now', async () => {
    const items = [
      acceptedChange({ summary: 'renamed to `lag`' }),
      acceptedChange({ id: 'other-way', fromVersion: '0.9.0' }),
      acceptedChange({ id: 'withdrawn', withdrawnAt: at, withdrawnBy: by }),
    ];
    await openPlan({
      listAcceptedChanges: async () => ({ items, totalItems: items.length }),
    });
    const dropped = await screen.findByRole('list', {
      name: 'What counts no longer',
    });
    expect(
      within(dropped)
        .getAllByRole('listitem')
        .map(item => item.textContent),
    ).toEqual([
      'delay renamed to lag, by user:default/amelia: it reads by position',
    ]);
  });

  it('takes it back', async () => {
    await openPlan({}, accepted);
    const dialog = await decide(WITHDRAW);
    expect(dialog).toHaveTextContent('it reads by position');
    expect(dialog).toHaveTextContent(
      'It will be breaking again: who reads it keeps the migration from going on.',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Withdraw' }),
    );
    expect(
      await screen.findByRole('button', { name: ACCEPT }),
    ).toBeInTheDocument();
  });

  it('G6: is offered where a migration is blocked', async () => {
    const migration = blockedMigration({
      changes: [renamed, compatible],
      consumers,
    });
    const calls: unknown[] = [];
    let current = migration;
    await renderPage(`/migrations/${migration.id}`, {
      api: fakeApi({
        getMigration: async () => current,
        acceptChange: async (datasetRef, request) => {
          calls.push([datasetRef, request.targetVersion]);
          current = { ...migration, state: 'queued', changes: [accepted] };
          return acceptedChange();
        },
      }),
    });
    const dialog = await decide(ACCEPT);
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: /Reason/ }),
      'it reads by position',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Accept change' }),
    );
    expect(
      await screen.findByRole('button', { name: WITHDRAW }),
    ).toBeInTheDocument();
    expect(calls).toEqual([[FLIGHTS, migration.toVersion]]);
  });

  it('is over with the migration', async () => {
    const migration = succeededMigration({ changes: [accepted] });
    await renderPage(`/migrations/${migration.id}`, {
      api: fakeApi({ getMigration: async () => migration }),
    });
    expect(await table()).toHaveTextContent('Accepted by');
    expect(within(await table()).queryAllByRole('button')).toEqual([]);
  });
});
