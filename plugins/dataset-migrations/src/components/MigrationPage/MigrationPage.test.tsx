import {
  DatasetMigrationsApi,
  Migration,
  OverrideRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { flightConsumers, manyConsumers } from '../../__testUtils__/consumers';
import {
  blockersOf,
  fakeApi,
  responseError,
} from '../../__testUtils__/fakeApi';
import { FakeSignals } from '../../__testUtils__/FakeSignals';
import { FLIGHTS } from '../../__testUtils__/flights';
import {
  ago,
  blockedMigration,
  busyMigration,
  failedMigration,
  flightsMigration,
  succeededMigration,
  verificationOk,
} from '../../__testUtils__/migrations';
import { renderPage } from '../../__testUtils__/render';

/** Opens the page of a migration that stays as the last action left it. */
function open(
  migration: Migration,
  overrides: Partial<DatasetMigrationsApi> = {},
) {
  let current = migration;
  const api = fakeApi({ getMigration: async () => current, ...overrides });
  const remember =
    <A extends unknown[]>(perform: (...args: A) => Promise<Migration>) =>
    async (...args: A) => {
      current = await perform(...args);
      return current;
    };
  return renderPage(`/migrations/${migration.id}`, {
    api: {
      ...api,
      cancelMigration: remember(api.cancelMigration),
      retryMigration: remember(api.retryMigration),
      overrideMigration: remember(api.overrideMigration),
      coexistMigration: remember(api.coexistMigration),
      rollbackMigration: remember(api.rollbackMigration),
      retireMigration: remember(api.retireMigration),
    },
  });
}

const actions = async () =>
  within(await screen.findByRole('group', { name: 'Actions' }))
    .queryAllByRole('button')
    .map(button => button.textContent);

describe('MigrationPage', () => {
  it('shows stages and progress of a running migration', async () => {
    await open(flightsMigration());
    expect(
      await screen.findByRole('heading', { name: 'flights 1.0.0 → 2.0.0' }),
    ).toBeInTheDocument();
    expect(screen.getByText('running')).toBeInTheDocument();
    const stages = within(screen.getByRole('list', { name: 'Stages' }));
    expect(
      stages.getAllByRole('listitem').map(stage => stage.textContent),
    ).toEqual([
      expect.stringContaining('Discover, succeeded'),
      expect.stringContaining('Validate, succeeded'),
      expect.stringContaining('Lock, succeeded'),
      expect.stringContaining('Transform, running'),
      expect.stringContaining('Verify, pending'),
      expect.stringContaining('Cut over, pending'),
      expect.stringContaining('Notify, pending'),
    ]);
    const bar = screen.getByRole('progressbar', { name: 'Rows transformed' });
    expect(bar).toHaveAttribute(
      'aria-valuetext',
      '1,240,000 of 3,000,000 rows',
    );
    expect(screen.getByText('412.3K rows/s · 4.3 s left')).toBeInTheDocument();
    expect(screen.getByText('12 of 30 chunks')).toBeInTheDocument();
    expect(await actions()).toEqual(['Cancel migration']);
  });

  it('says what the engine does, how far it is behind and what holds it up', async () => {
    await open(busyMigration());
    expect(
      await screen.findByRole('heading', {
        name: 'Bringing over what was written meanwhile',
      }),
    ).toBeInTheDocument();
    expect(
      screen.getByText(
        '1,204 changes written meanwhile, waiting to be brought over',
      ),
    ).toBeInTheDocument();
    expect(screen.getByText(/Going slower than it could/)).toHaveTextContent(
      'the replica standby-2 is 3 s behind',
    );
    expect(screen.getByText('420 chunks')).toBeInTheDocument();
    expect(
      within(screen.getByRole('table', { name: 'Locks' })).getByText(
        'ACCESS EXCLUSIVE',
      ),
    ).toBeInTheDocument();
  });

  it('shows what waits until the cut over, and nothing of it afterwards', async () => {
    const { progress } = busyMigration();
    await open(busyMigration({ stage: 'verify' }));
    expect(await screen.findByText(/^1,204 changes/)).toBeInTheDocument();
    expect(
      screen.getByRole('status', { name: 'Loading Verification' }),
    ).toBeInTheDocument();
    cleanup();
    await open(succeededMigration({ progress }));
    expect(
      await screen.findByText('42,000,000 of 42,000,000 rows'),
    ).toBeInTheDocument();
    expect(screen.queryByText(/^1,204 changes/)).not.toBeInTheDocument();
    expect(screen.queryByText(/Going slower/)).not.toBeInTheDocument();
  });

  it('offers exactly the actions that the backend allows', async () => {
    await open(
      flightsMigration({
        actions: [
          'cancel',
          'retry',
          'override',
          'coexist',
          'rollback',
          'retire',
        ],
      }),
    );
    expect((await actions()).sort()).toEqual([
      'Cancel migration',
      'Override…',
      'Publish beside the old version',
      'Retire old version',
      'Retry',
      'Roll back',
    ]);
  });

  it('offers nothing to those who may only look', async () => {
    await open(flightsMigration({ actions: [] }));
    expect(await actions()).toEqual([]);
  });

  it('cancels, and shows the answer at once', async () => {
    const cancelled: string[] = [];
    await open(flightsMigration(), {
      cancelMigration: async id => {
        cancelled.push(id);
        return flightsMigration({ state: 'cancelling', actions: [] });
      },
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Cancel migration' }),
    );
    expect(await screen.findByText('cancelling')).toBeInTheDocument();
    expect(cancelled).toEqual(['01jdq7f3']);
  });

  it('shows why an action failed beside its button', async () => {
    await open(failedMigration(), {
      retryMigration: async () => {
        throw await responseError(409, 'ConflictError', 'it is running again');
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Retry' }));
    expect(await screen.findByText('it is running again')).toBeInTheDocument();
  });

  it('explains a block by consumer and field, with the ways out', async () => {
    await open(blockedMigration());
    const region = within(
      await screen.findByRole('region', {
        name: 'Why this migration is blocked',
      }),
    );
    expect(
      region.getByText('3 consumers would or might break with 2.0.0'),
    ).toBeInTheDocument();
    const list = region.getByRole('list', {
      name: 'Consumers that would break',
    });
    expect(list).toHaveTextContent('Delay dashboard');
    expect(list).toHaveTextContent('reads delay, renamed to arrival_delay');
    expect(region.getByText(/Publish 2.0.0 beside 1.0.0/)).toBeInTheDocument();
  });

  it('does not name whom an override covers as those who stand in the way (G6)', async () => {
    await open(
      blockedMigration({
        override: {
          by: 'user:default/amelia',
          reason: 'it is urgent',
          at: ago(60),
          covers: flightConsumers
            .slice(0, 2)
            .map(({ consumer }) => consumer.entityRef),
        },
      }),
    );
    const region = within(
      await screen.findByRole('region', {
        name: 'Why this migration is blocked',
      }),
    );
    expect(
      region.getByText('1 consumer might break with 2.0.0'),
    ).toBeInTheDocument();
    const list = region.getByRole('list', {
      name: 'Consumers that would break',
    });
    expect(list).toHaveTextContent('Nightly export');
    expect(list).not.toHaveTextContent('Delay dashboard');
    expect(region.getByText(/covers 2 other consumers/)).toBeInTheDocument();
  });

  it('publishes beside the old version', async () => {
    await open(blockedMigration());
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Publish beside the old version',
      }),
    );
    expect(await screen.findByText('queued')).toBeInTheDocument();
  });

  it('does not blame consumers for a window that is closed', async () => {
    await open(
      blockedMigration({
        consumers: flightConsumers.map(item => ({ ...item, blocking: false })),
        error: {
          name: 'WaitsForWindow',
          message: 'Nobody would break any more; it goes on at night',
          stage: 'validate',
        },
      }),
    );
    const why = within(
      await screen.findByRole('region', {
        name: 'Why this migration is blocked',
      }),
    );
    expect(why.getByText('Waits for its window')).toBeInTheDocument();
    expect(
      screen.getByRole('heading', {
        name: 'Stopped before anything changed. Waits for its window.',
      }),
    ).toBeInTheDocument();
    expect(why.getByText(/it goes on at night/)).toBeInTheDocument();
    expect(why.queryByText(/would break with/)).not.toBeInTheDocument();
  });

  it('overrides only with a reason, after naming whom it breaks (G6)', async () => {
    const requests: OverrideRequest[] = [];
    await open(blockedMigration(), {
      overrideMigration: async (_, request) => {
        const { reason } = request;
        requests.push(request);
        return blockedMigration({
          state: 'queued',
          actions: [],
          override: {
            by: 'user:default/amelia',
            reason,
            at: ago(0),
            covers: [],
          },
        });
      },
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Override…' }),
    );
    const dialog = within(
      await screen.findByRole('dialog', { name: 'Break 3 consumers?' }),
    );
    expect(dialog.getByText('Crew planner')).toBeInTheDocument();
    const confirm = dialog.getByRole('button', { name: 'Override and go on' });
    expect(confirm).toBeDisabled();
    await userEvent.type(dialog.getByRole('textbox', { name: /Reason/ }), '  ');
    expect(confirm).toBeDisabled();
    await userEvent.type(
      dialog.getByRole('textbox', { name: /Reason/ }),
      'They agreed',
    );
    await userEvent.click(confirm);
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    expect(requests).toEqual([
      {
        reason: 'They agreed',
        consumers: [
          'component:default/delay-dashboard',
          'component:default/crew-planner',
          'component:default/nightly-export',
        ],
        concernsId:
          'loses:component:default/delay-dashboard,component:default/crew-planner,component:default/nightly-export',
      },
    ]);
    expect(screen.getByText('Overridden')).toBeInTheDocument();
  });

  it('shows anew whom an override breaks when it are others by now (G6)', async () => {
    let blocking = flightConsumers.slice(0, 1);
    await open(blockedMigration(), {
      getBlockers: async () => blockersOf(blocking),
      overrideMigration: async () => {
        blocking = flightConsumers.slice(0, 2);
        throw await responseError(
          409,
          'ConflictError',
          'Other consumers would break than those that were shown',
        );
      },
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Override…' }),
    );
    const dialog = within(
      await screen.findByRole('dialog', { name: 'Break 1 consumer?' }),
    );
    expect(dialog.queryByText('Crew planner')).not.toBeInTheDocument();
    await userEvent.type(
      dialog.getByRole('textbox', { name: /Reason/ }),
      'They agreed',
    );
    await userEvent.click(
      dialog.getByRole('button', { name: 'Override and go on' }),
    );
    expect(await dialog.findByText('Crew planner')).toBeInTheDocument();
    expect(
      dialog.getByText(/Other consumers would break than those/),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('dialog', { name: 'Break 2 consumers?' }),
    ).toBeInTheDocument();
  });

  it('names all whom an override breaks, however many', async () => {
    const blocking = manyConsumers(5_000).filter(item => item.blocking);
    await open(blockedMigration(), {
      getBlockers: async () => blockersOf(blocking),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Override…' }),
    );
    const dialog = within(
      await screen.findByRole('dialog', { name: 'Break 500 consumers?' }),
    );
    expect(
      dialog.getByText('component:default/service-4990'),
    ).toBeInTheDocument();
  });

  it('rolls back after a question, which stays open when that fails', async () => {
    let fails = true;
    await open(succeededMigration(), {
      rollbackMigration: async () => {
        if (fails) {
          throw await responseError(409, 'ConflictError', 'too late');
        }
        return succeededMigration({ state: 'rolling-back', actions: [] });
      },
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Roll back' }),
    );
    const dialog = within(
      screen.getByRole('dialog', { name: 'Roll back to 1.0.0?' }),
    );
    await userEvent.click(dialog.getByRole('button', { name: 'Roll back' }));
    expect(await dialog.findByText('too late')).toBeInTheDocument();
    fails = false;
    await userEvent.click(dialog.getByRole('button', { name: 'Roll back' }));
    expect(await screen.findByText('rolling-back')).toBeInTheDocument();
  });

  it('copes with a migration of which the evidence was removed', async () => {
    const { verification } = succeededMigration();
    await open(
      succeededMigration({
        steps: [],
        consumers: [],
        verification: verification && {
          ...verification,
          columns: [],
          mismatches: [],
          contractChecks: [],
        },
        actions: [],
        evidenceRemovedAt: '2020-01-01T00:00:00Z',
      }),
    );
    expect(
      await screen.findByText('Consumers and details removed'),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Roll back' }),
    ).not.toBeInTheDocument();
  });

  it('says that the way back stays open as long as both versions coexist', async () => {
    await open(
      succeededMigration({
        policy: 'coexist',
        oldVersionState: 'coexisting',
        rollbackUntil: '2020-01-01T00:00:00Z',
        actions: ['rollback', 'retire'],
      }),
    );
    expect(await screen.findByText('1.0.0 is retired')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Roll back' }));
    const dialog = screen.getByRole('dialog', { name: 'Roll back to 1.0.0?' });
    expect(dialog).toHaveTextContent(
      'Version 1.0.0 stays as it is, with all that was written to it',
    );
    expect(dialog).toHaveTextContent('possible until 1.0.0 is retired');
  });

  it('retires the old version after a question', async () => {
    await open(
      succeededMigration({
        policy: 'coexist',
        oldVersionState: 'coexisting',
        actions: ['retire'],
      }),
    );
    expect(await screen.findByText('1.0.0 coexisting')).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Retire old version' }),
    );
    const dialog = screen.getByRole('dialog', {
      name: 'Retire version 1.0.0?',
    });
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Retire old version' }),
    );
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
  });

  it.each`
    stage         | title                          | actions         | next
    ${'rollback'} | ${'Roll back to 1.0.0 failed'} | ${['rollback']} | ${'Version 2.0.0 stays published. You can try again.'}
    ${'retire'}   | ${'Retiring 1.0.0 failed'}     | ${['retire']}   | ${'Version 2.0.0 stays published. You can try again.'}
    ${'rollback'} | ${'Roll back to 1.0.0 failed'} | ${[]}           | ${'Version 2.0.0 stays published.'}
  `(
    'says that $stage failed, why, and whether it can be tried again: $actions',
    async ({ stage, title, actions: possible, next }) => {
      await open(
        succeededMigration({
          stage,
          actions: possible,
          error: {
            name: 'ConflictError',
            message: 'The new version was written since',
            stage,
          },
        }),
      );
      const alert = (await screen.findByText(title)).closest('[role=alert]');
      expect(alert).toHaveTextContent('The new version was written since');
      expect(alert).toHaveTextContent(new RegExp(`${next}$`));
    },
  );

  it('G11: leads to the preflight where rows do not fit', async () => {
    await open(
      failedMigration({
        verification: undefined,
        stage: 'transform',
        error: {
          name: 'InputError',
          message: '1 value of delay cannot be cast to integer.',
          stage: 'transform',
        },
      }),
    );
    expect(
      await screen.findByRole('link', { name: 'preflight' }),
    ).toHaveAttribute('href', expect.stringContaining('version=2.0.0'));
  });

  it('shows where a failed verification differs (G5)', async () => {
    await open(failedMigration());
    expect(
      await screen.findByText('VerificationError in stage Verify'),
    ).toBeInTheDocument();
    const table = screen.getByRole('table', { name: 'Verification by column' });
    // What differs comes first.
    expect(
      within(table)
        .getAllByRole('row')
        .map(line => line.textContent)
        .slice(0, 3),
    ).toEqual([
      'ColumnOld and newWhere they differContract',
      'distancediffer' +
        'the digests differin part 12, rows 1200..1299' +
        'required: violated by 1 row',
      'dateagree–required: holds',
    ]);
    expect(
      screen.getByRole('list', { name: 'Differences in rows' }),
    ).toHaveTextContent('3,000,000 rows in the source, 2,999,999');
    expect(
      screen.getByRole('list', { name: 'Contract of the whole dataset' }),
    ).toHaveTextContent('date, origin primaryKey: holds');
  });

  it('groups a verification by tables where there are several', async () => {
    const { verification: report, ...migration } = failedMigration();
    const { mismatches, columns, contractChecks, ...figures } = report!;
    const carriers = {
      ...figures,
      object: 'carriers',
      sourceRows: 12,
      targetRows: 12,
    };
    const of = <T extends object>(object: string, items: T[]) =>
      items.map(item => ({ ...item, object }));
    await open({
      ...migration,
      verification: {
        ...figures,
        objects: [{ ...figures, object: 'flights' }, carriers],
        mismatches: of('flights', mismatches),
        contractChecks: of('flights', contractChecks),
        columns: [
          ...of('flights', columns),
          ...of('carriers', [{ name: 'code', ok: true }]),
        ],
      },
    });
    expect(
      await screen.findByRole('heading', { name: 'flights', level: 3 }),
    ).toBeInTheDocument();
    expect(
      within(
        screen.getByRole('table', { name: 'Rows and checksums of carriers' }),
      ).getAllByText('12'),
    ).toHaveLength(2);
    expect(
      within(
        screen.getByRole('table', {
          name: 'Verification by column of carriers',
        }),
      )
        .getAllByRole('row')
        .map(line => line.textContent),
    ).toEqual(['ColumnOld and newWhere they differContract', 'codeagree––']);
    expect(
      screen.getByRole('list', { name: 'Differences in rows of flights' }),
    ).toHaveTextContent('3,000,000 rows in the source, 2,999,999');
  });

  it('shows how many rows were set aside, for which field and where', async () => {
    const aside = {
      place: 'public_quarantine_v2_0_0.flights',
      sourceRows: 1_200,
      keptRows: 1_200,
      sourceChecksum: 'c0ffee',
      keptChecksum: 'c0ffee',
      fields: [
        { name: 'delay', rows: 1_200 },
        { name: 'distance', rows: 0 },
      ],
    };
    await open(
      succeededMigration({
        verification: { ...verificationOk, setAside: aside },
      }),
    );
    expect(
      await screen.findByText('1,200 rows set aside:'),
    ).toBeInTheDocument();
    expect(
      screen.getByText('public_quarantine_v2_0_0.flights').closest('div'),
    ).toHaveTextContent('as values could not be cast: delay 1,200.');
    expect(
      screen.getByRole('row', { name: 'In quarantine 1,200 c0ffee' }),
    ).toBeInTheDocument();
  });

  it.each([
    [2, 0, '2 rows do not cast, 0 are kept.'],
    [2, 1, '2 rows do not cast, 1 is kept.'],
    [0, 0, 'Every value could be cast; no row was set aside.'],
  ])(
    'G5: tells of %s rows that do not cast, %s kept',
    async (sourceRows, keptRows, told) => {
      const aside = {
        place: 'public_quarantine_v2_0_0.flights',
        sourceRows,
        keptRows,
        sourceChecksum: 'c0ffee',
        keptChecksum: 'decaf',
        fields: [{ name: 'delay', rows: keptRows }],
      };
      await open({
        ...failedMigration(),
        verification: { ...failedMigration().verification!, setAside: aside },
      });
      expect(await screen.findByText(told)).toBeInTheDocument();
    },
  );

  it('shows the proof of a success and who was told', async () => {
    const redelivered: string[] = [];
    const { redeliver } = fakeApi();
    await open(succeededMigration(), {
      redeliver: async id => {
        redelivered.push(id);
        return redeliver(id);
      },
    });
    const checksums = await screen.findByRole('table', {
      name: 'Rows and checksums',
    });
    expect(within(checksums).getAllByText('3,000,000')).toHaveLength(2);
    const deliveries = await screen.findByRole('table', { name: 'Deliveries' });
    await waitFor(() =>
      expect(within(deliveries).getByText('dead')).toBeInTheDocument(),
    );
    expect(deliveries).toHaveTextContent('503: Service Unavailable');
    await userEvent.click(
      screen.getByRole('button', {
        name: 'Redeliver to component:default/partner-feed',
      }),
    );
    expect(redelivered).toEqual(['d2']);
  });

  it('loads again on a signal of this migration, announces the state, and asks for the rest of the log', async () => {
    const signals = new FakeSignals();
    let migration = flightsMigration();
    const cursors: Array<string | undefined> = [];
    const { listMigrationEvents } = fakeApi();
    await renderPage('/migrations/01jdq7f3', {
      signals,
      api: fakeApi({
        getMigration: async () => migration,
        listMigrationEvents: async (id, request) => {
          cursors.push(request?.cursor);
          return listMigrationEvents(id, request);
        },
      }),
    });
    const status = async (text: RegExp) => {
      await waitFor(() =>
        expect(
          screen
            .getAllByRole('status')
            .some(element => text.test(element.textContent ?? '')),
        ).toBe(true),
      );
    };
    await status(/^Migration running/);
    expect(
      await screen.findByText('Took the lease with token 7'),
    ).toBeVisible();

    migration = succeededMigration({ id: '01jdq7f3' });
    act(() => signals.send({ migrationId: 'another', datasetRef: FLIGHTS }));
    expect(screen.getByText('running')).toBeInTheDocument();
    act(() => signals.send({ migrationId: '01jdq7f3', datasetRef: FLIGHTS }));
    await status(/^Migration succeeded/);
    expect(screen.getByText('succeeded')).toBeInTheDocument();
    await waitFor(() => expect(cursors.length).toBeGreaterThan(1));
    expect(cursors[0]).toBeUndefined();
    expect(cursors[cursors.length - 1]).toBe('16');
  });

  it('names some of many who stand in the way', async () => {
    await open(blockedMigration({ consumers: manyConsumers(1_000) }));
    expect(
      await screen.findByRole('list', { name: 'Consumers that would break' }),
    ).toHaveTextContent('and 92 more');
  });

  it('says that there is no such migration', async () => {
    await renderPage('/migrations/nope', { api: fakeApi() });
    expect(
      await screen.findByText('There is no trace of this migration'),
    ).toBeInTheDocument();
  });

  it('says that one may not see it', async () => {
    await open(flightsMigration(), {
      getMigration: async () => {
        throw await responseError(403, 'NotAllowedError', 'not allowed');
      },
    });
    expect(
      await screen.findByText('You may not see this migration'),
    ).toBeInTheDocument();
  });

  it('shows the error when the backend fails, and loads again on request', async () => {
    let fails = true;
    await open(flightsMigration(), {
      getMigration: async () => {
        if (fails) {
          throw await responseError(500, 'Error', 'the database is gone');
        }
        return flightsMigration();
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Could not load this migration: the database is gone',
    );
    fails = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('running')).toBeInTheDocument();
  });
});
