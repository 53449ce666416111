import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { ResponseError } from '@backstage/errors';
import {
  AcknowledgeRequest,
  Migration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { poll } from '../__testUtils__/poll';
import {
  asUser,
  component,
  contractText,
  dataset,
  startBackend,
  TestBackend,
} from '../__testUtils__/testBackend';

jest.setTimeout(180_000);

const flights = 'resource:default/flights';
const RADAR = 'component:default/radar';
const BOARD = 'component:default/board';
const soon = new Date(Date.now() + 86_400_000).toISOString();

describe('the API of readiness', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let backend: TestBackend;
  let id: string;

  beforeAll(async () => {
    backend = await startBackend({ knex: await databases.init('POSTGRES_18') });
    backend.engine.of(flights).write(() => [{ id: '1', delay: '3' }]);
    const consumes = [
      { dataset: flights, version: '^1.0.0', fields: ['delay'] },
    ];
    await backend.publish([
      dataset('flights', {
        contracts: [
          contractText('1.0.0', 'delay'),
          contractText('2.0.0', 'arrival_delay'),
          contractText('3.0.0', 'late'),
          contractText('4.0.0', 'later', 'draft'),
        ],
      }),
      component('radar', { consumesDatasets: consumes }),
      component('board', {
        owner: 'group:default/geo-data',
        consumesDatasets: consumes,
      }),
    ]);
    ({ id } = await backend.as('amelia').startMigration({
      datasetRef: flights,
      targetVersion: '2.0.0',
    }));
    await reaches('blocked');
  });

  afterAll(async () => {
    await backend.stop();
  });

  beforeEach(() => {
    backend.audits.length = 0;
  });

  function reaches(state: Migration['state']) {
    return poll(state, async () => {
      const now = await backend.as('amelia').getMigration(id);
      return now.state === state && now;
    });
  }

  async function refused(
    call: Promise<unknown>,
  ): Promise<[number, string, ResponseError['body']['error']]> {
    try {
      await call;
    } catch (e) {
      const { statusCode, body } = e as ResponseError;
      return [statusCode, body.error.message, body.error];
    }
    throw new Error('It was not refused');
  }

  /** Answers to what the consumer is shown, unless something else is said. */
  async function acknowledge(
    user: string,
    consumerRef: string,
    request: Partial<AcknowledgeRequest> = {},
  ) {
    return backend.as(user).acknowledge(consumerRef, {
      datasetRef: flights,
      version: '2.0.0',
      answer: 'ready',
      concernsId: await concernsIdOf(consumerRef, request.version),
      ...request,
    });
  }

  async function concernsIdOf(
    consumerRef: string,
    version = '2.0.0',
  ): Promise<string> {
    const { items } = await backend
      .as('amelia')
      .getConsumedDatasets(consumerRef);
    const shown = items[0]?.coming.find(one => one.version === version);
    return shown?.concernsId ?? '0'.repeat(64);
  }

  it('shows owners of a consumer what comes, and lets them alone answer', async () => {
    const [radar] = (await backend.as('bessie').getConsumedDatasets(RADAR))
      .items;
    expect(radar).toMatchObject({
      coming: [
        {
          version: '2.0.0',
          fromVersion: '1.0.0',
          migration: { id, state: 'blocked' },
          verdict: { verdict: 'breaks' },
          concerns: ['`delay` renamed to `arrival_delay` (breaking)'],
          declaration: expect.stringContaining('version: ^1.0.0 || ^2.0.0'),
        },
        {
          version: '3.0.0',
          fromVersion: '1.0.0',
          verdict: { verdict: 'breaks' },
          concerns: ['`delay` renamed to `late` (breaking)'],
          declaration: expect.stringContaining('version: ^1.0.0 || ^3.0.0'),
        },
      ],
      mayAcknowledge: true,
    });
    expect(radar.coming[1].migration).toBeUndefined();
    const [board] = (await backend.as('bessie').getConsumedDatasets(BOARD))
      .items;
    expect(board.mayAcknowledge).toBe(false);
    // The dataset's owner is no owner of its consumers.
    for (const user of ['bessie', 'amelia']) {
      expect(await refused(acknowledge(user, BOARD))).toEqual([
        403,
        `The permission 'dataset.consumer.acknowledge' is needed for '${BOARD}'`,
        expect.anything(),
      ]);
    }
    expect(backend.audits).toEqual(
      Array(2).fill({
        eventId: 'consumer-acknowledge',
        meta: {
          consumerRef: BOARD,
          datasetRef: flights,
          version: '2.0.0',
          answer: 'ready',
          concernsId: board.coming[0].concernsId,
        },
        outcome: 'NotAllowedError',
      }),
    );
    expect(await reaches('blocked')).toBeDefined();
  });

  it('takes answers for each version that comes, whatever is under way', async () => {
    const ready = { version: '3.0.0' };
    const { coming } = await acknowledge('bessie', RADAR, ready);
    expect(
      coming.map(({ version, verdict }) => [version, verdict.verdict]),
    ).toEqual([
      ['2.0.0', 'breaks'],
      ['3.0.0', 'ready'],
    ]);
    expect(await reaches('blocked')).toBeDefined();
    const taken = await acknowledge('bessie', RADAR, {
      ...ready,
      answer: 'withdrawn',
    });
    expect(taken.coming[1].verdict).toMatchObject({ verdict: 'breaks' });
  });

  it('does not let who may not see the dataset answer', async () => {
    // Carl owns the board, and sees his own datasets only.
    expect(await refused(acknowledge('carl', BOARD))).toEqual([
      403,
      expect.stringContaining("'dataset.read'"),
      expect.anything(),
    ]);
  });

  it('lets services answer whom the policy lets, in their own name', async () => {
    const post = (said: Partial<AcknowledgeRequest>) =>
      fetch(
        `${backend.api}/consumers/component/default/radar/acknowledgements`,
        {
          method: 'POST',
          headers: {
            Authorization: mockCredentials.service.header(),
            'Content-Type': 'application/json',
          },
          body: JSON.stringify({
            datasetRef: flights,
            version: '2.0.0',
            ...said,
          }),
        },
      );
    const asked = await post({
      answer: 'more-time',
      date: soon,
      reason: 'frozen',
    });
    expect(asked.status).toBe(202);
    expect(await asked.json()).toMatchObject({
      coming: [
        {
          verdict: {
            answer: { kind: 'more-time', by: 'external:test-service' },
          },
        },
        {},
      ],
    });
    expect((await post({ answer: 'withdrawn' })).status).toBe(202);
  });

  it.each`
    request                                      | message
    ${{ answer: 'maybe' }}                       | ${'answer'}
    ${{ version: 'latest' }}                     | ${'version'}
    ${{ version: '2.0.0\0' }}                    | ${'version'}
    ${{ datasetRef: 'flights' }}                 | ${'datasetRef'}
    ${{ date: 'soon' }}                          | ${'date'}
    ${{ reason: '  ' }}                          | ${'reason'}
    ${{ reason: 'x'.repeat(2_001) }}             | ${'reason'}
    ${{ reason: 'a\0b' }}                        | ${'reason'}
    ${{ answer: 'more-time', reason: 'frozen' }} | ${'date must say until when'}
    ${{ date: '2020-01-01T00:00:00Z' }}          | ${'is past'}
    ${{ concernsId: 'all' }}                     | ${'concernsId'}
    ${{ concernsId: undefined }}                 | ${'concernsId'}
    ${{ concerns: ['all'] }}                     | ${'concerns'}
    ${{ by: 'user:default/amelia' }}             | ${'by'}
  `('G10: refuses the answer $request', async ({ request, message }) => {
    expect(await refused(acknowledge('bessie', RADAR, request))).toEqual([
      400,
      expect.stringContaining(message),
      expect.anything(),
    ]);
  });

  it('G10: refuses answers about what is not there, or was not shown', async () => {
    expect(
      await refused(acknowledge('bessie', RADAR, { version: '7.0.0' })),
    ).toEqual([404, expect.stringContaining('7.0.0'), expect.anything()]);
    expect(
      await refused(acknowledge('grace', 'component:default/who')),
    ).toEqual([404, expect.stringContaining('no consumer'), expect.anything()]);
    expect(
      await refused(
        acknowledge('bessie', RADAR, { concernsId: '0'.repeat(64) }),
      ),
    ).toEqual([
      409,
      expect.stringContaining('Other changes concern'),
      expect.anything(),
    ]);
  });

  it('lets the owner of the dataset set dates, and tells consumers', async () => {
    const dates = { deadline: soon, retirement: soon };
    expect(
      await refused(backend.as('bessie').setMigrationDates(id, dates)),
    ).toEqual([
      403,
      expect.stringContaining('dataset.migrate'),
      expect.anything(),
    ]);
    for (const bad of [
      { deadline: 'soon' },
      { deadline: '2020-01-01T00:00:00Z' },
      {},
      { deadline: 7 as unknown as string },
    ]) {
      expect(
        (await refused(backend.as('amelia').setMigrationDates(id, bad)))[0],
      ).toBe(400);
    }
    backend.audits.length = 0;
    expect(
      await backend.as('amelia').setMigrationDates(id, dates),
    ).toMatchObject(dates);
    expect(backend.audits).toEqual([
      {
        eventId: 'migration-dates',
        meta: { migrationId: id, datasetRef: flights, ...dates },
        outcome: 'success',
      },
    ]);
    const { items } = await backend.as('bessie').getConsumedDatasets(RADAR);
    expect(items[0].coming[0].migration).toMatchObject(dates);
  });

  it('shows the board to readers, filtered, and as CSV', async () => {
    const bessie = backend.as('bessie');
    const board = await bessie.getBoard(id, {
      verdict: ['breaks'],
      owner: 'group:apps',
      search: 'RAD',
      limit: 1,
    });
    expect(board).toMatchObject({
      items: [
        {
          consumer: { entityRef: RADAR },
          asked: 'adapt',
          until: soon,
          overridden: false,
        },
      ],
      totalItems: 1,
      counts: { ready: 0, breaks: 2, unknown: 0 },
      blockingCount: 2,
      current: true,
    });
    const csv = await bessie.getBoardCsv(id, { search: 'radar' });
    expect(csv.trimEnd().split('\r\n')).toEqual([
      expect.stringMatching(/^consumer,/),
      expect.stringMatching(/^component:default\/radar,/),
    ]);
    const answer = await fetch(
      `${backend.api}/migrations/${id}/consumers.csv`,
      { headers: asUser('bessie') },
    );
    expect(answer.headers.get('content-type')).toContain('text/csv');
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect((await refused(backend.as('carl').getBoard(id)))[0]).toBe(403);
    expect((await refused(backend.as('carl').getBoardCsv(id)))[0]).toBe(403);
    expect((await refused(backend.as('carl').getBlockers(id)))[0]).toBe(403);
    expect(
      (
        await refused(
          bessie.getBoard(id, { verdict: ['no' as unknown as 'ready'] }),
        )
      )[0],
    ).toBe(400);
  });

  it('G6: overrides those only who were shown, and goes on without them', async () => {
    const amelia = backend.as('amelia');
    const acknowledged = await acknowledge('bessie', RADAR);
    expect(acknowledged.coming[0].verdict).toMatchObject({
      verdict: 'ready',
      answer: { kind: 'ready', by: 'user:default/bessie' },
    });
    expect(await amelia.getMigration(id)).toMatchObject({ state: 'blocked' });

    const shown = await amelia.getBlockers(id);
    for (const concernsId of [undefined, 'all', 'A'.repeat(64)]) {
      const [status, message] = await refused(
        amelia.overrideMigration(id, {
          reason: 'they agreed',
          consumers: [BOARD],
          concernsId: concernsId as string,
        }),
      );
      expect([status, message]).toEqual([
        400,
        expect.stringContaining('concernsId'),
      ]);
    }
    const [status, message, error] = await refused(
      amelia.overrideMigration(id, {
        reason: 'they agreed',
        consumers: [RADAR, BOARD],
        concernsId: shown.concernsId,
      }),
    );
    expect([status, message]).toEqual([
      409,
      expect.stringContaining(`${RADAR} would break no longer`),
    ]);
    expect(error).toMatchObject({ consumers: [BOARD] });
    backend.audits.length = 0;
    const { concernsId } = shown;
    const consumers = shown.items.map(({ consumer }) => consumer.entityRef);
    await amelia.overrideMigration(id, {
      reason: 'they agreed',
      consumers,
      concernsId,
    });
    expect(backend.audits).toEqual([
      {
        eventId: 'migration-override',
        meta: {
          migrationId: id,
          datasetRef: flights,
          reason: 'they agreed',
          consumers: [BOARD],
          concernsId,
        },
        outcome: 'success',
      },
    ]);
    await reaches('succeeded');
    await poll('to be told', async () => {
      const { items } = await amelia.listDeliveries({ migrationId: id });
      return items.some(
        ({ eventType }) =>
          eventType === 'dev.skein.dataset-migration.overridden',
      );
    });
    expect(await amelia.getBoard(id)).toMatchObject({
      current: false,
      items: [
        { consumer: { entityRef: BOARD }, overridden: true },
        { consumer: { entityRef: RADAR }, verdict: 'ready' },
      ],
    });
    expect(
      (await refused(amelia.setMigrationDates(id, { deadline: soon })))[0],
    ).toBe(409);
  });
});
