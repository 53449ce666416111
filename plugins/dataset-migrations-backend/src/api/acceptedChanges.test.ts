import { TestDatabases } from '@backstage/backend-test-utils';
import { ResponseError } from '@backstage/errors';
import { AcceptChangeRequest } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  component,
  dataset,
  startBackend,
  TestBackend,
} from '../__testUtils__/testBackend';

jest.setTimeout(180_000);

const flights = 'resource:default/flights';
const AMELIA = 'user:default/amelia';
const NOBODY = '00000000-0000-4000-8000-000000000000';
const renamed: AcceptChangeRequest = {
  targetVersion: '2.0.0',
  rule: 'field-renamed',
  field: 'delay',
  summary: 'renamed to `arrival_delay`',
  reason: 'the radar reads by position',
};

describe('the API of accepted changes', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let backend: TestBackend;

  beforeAll(async () => {
    backend = await startBackend({ knex: await databases.init('POSTGRES_18') });
    await backend.publish([
      dataset('flights'),
      component('radar', {
        consumesDatasets: [
          { dataset: flights, version: '^1.0.0', fields: ['delay'] },
        ],
      }),
    ]);
  });

  afterAll(async () => {
    await backend.stop();
  });

  beforeEach(() => {
    backend.audits.length = 0;
  });

  async function refused(call: Promise<unknown>): Promise<[number, string]> {
    try {
      await call;
    } catch (e) {
      const { statusCode, body } = e as ResponseError;
      return [statusCode, body.error.message];
    }
    throw new Error('It was not refused');
  }

  const accept = (user: string, request: object = {}) =>
    backend.as(user).acceptChange(flights, { ...renamed, ...request });

  const list = (request = {}) =>
    backend.as('bessie').listAcceptedChanges(flights, request);

  it('G6: lets nobody accept a change who may not override', async () => {
    expect(await refused(accept('bessie'))).toEqual([
      403,
      `The permission 'dataset.migrate.override' is needed for '${flights}'`,
    ]);
    // Who may not see the dataset is not told what it is about.
    expect(await refused(accept('carl', { rule: 'x' }))).toEqual([
      403,
      `The permission 'dataset.read' is needed for '${flights}'`,
    ]);
    expect(backend.audits).toEqual([
      {
        eventId: 'change-accept',
        meta: { datasetRef: flights, ...renamed },
        outcome: 'NotAllowedError',
      },
      {
        eventId: 'change-accept',
        meta: { datasetRef: flights, ...renamed, rule: 'x' },
        outcome: 'NotAllowedError',
      },
    ]);
    expect(await list()).toEqual({ items: [], totalItems: 0 });
  });

  it.each<[string, object, number, string]>([
    [
      'a rule that there is not',
      { rule: 'field-vanished' },
      400,
      "rule 'field-vanished' does not exist",
    ],
    [
      'a field that does not change so',
      { field: 'id; DROP TABLE datasets' },
      400,
      "field 'id; DROP TABLE datasets'",
    ],
    [
      'an object that there is not',
      { object: '../flights' },
      400,
      "object '../flights'",
    ],
    ['another sentence', { summary: 'dropped' }, 409, 'reads otherwise'],
    [
      'a version without a contract',
      { targetVersion: '9.0.0' },
      404,
      "no usable contract of version '9.0.0'",
    ],
    [
      'the version that it has',
      { targetVersion: '1.0.0' },
      400,
      'at version 1.0.0 already',
    ],
    ['no version', { targetVersion: 'latest' }, 400, 'targetVersion'],
    ['an empty reason', { reason: '' }, 400, 'reason'],
    ['a reason of spaces', { reason: '     ' }, 400, 'reason'],
    ['a short reason', { reason: 'ok' }, 400, 'reason'],
    ['a long reason', { reason: 'x'.repeat(501) }, 400, 'reason'],
    ['a reason with NUL', { reason: 'why\0' }, 400, 'reason'],
    ['what it does not know', { effect: 'compatible' }, 400, 'effect'],
    ['a rule that is a list', { rule: ['field-renamed'] }, 400, 'rule'],
  ])('G10: refuses %s', async (_, request, status, message) => {
    const [code, text] = await refused(accept('amelia', request));
    expect([code, text]).toEqual([status, expect.stringContaining(message)]);
    expect(await list()).toEqual({ items: [], totalItems: 0 });
  });

  it('accepts a change, and takes that back', async () => {
    const plan = () =>
      backend.as('amelia').plan(flights, { targetVersion: '2.0.0' });
    expect(await plan()).toMatchObject({ blockingCount: 1 });

    const accepted = await accept('amelia', { reason: '  by position  ' });
    expect(accepted).toMatchObject({
      datasetRef: flights,
      fromVersion: '1.0.0',
      toVersion: '2.0.0',
      rule: 'field-renamed',
      field: 'delay',
      effect: 'breaking',
      reason: 'by position',
      by: AMELIA,
    });
    expect(await plan()).toMatchObject({
      blockingCount: 0,
      breaking: true,
      requiredBump: 'major',
      changes: [{ effect: 'risky', accepted: { id: accepted.id, by: AMELIA } }],
    });
    const { items } = await backend
      .as('bessie')
      .getConsumedDatasets('component:default/radar');
    expect(items[0].coming[0].verdict.reasons.join()).toContain(
      `accepted by ${AMELIA}: by position`,
    );
    expect(await refused(accept('amelia'))).toEqual([
      409,
      `It is accepted already, by ${AMELIA}: by position`,
    ]);

    const withdraw = (user: string, id = accepted.id) =>
      backend.as(user).withdrawAcceptedChange(flights, id);
    backend.audits.length = 0;
    expect(await refused(withdraw('bessie'))).toEqual([
      403,
      expect.stringContaining('dataset.migrate.override'),
    ]);
    expect(await refused(withdraw('amelia', NOBODY))).toEqual([
      404,
      `There is no accepted change '${NOBODY}' of ${flights}`,
    ]);
    expect(await refused(withdraw('amelia', 'a1'))).toEqual([
      400,
      expect.stringContaining('id'),
    ]);
    const withdrawn = { withdrawnBy: AMELIA, withdrawnAt: expect.any(String) };
    expect(await withdraw('amelia')).toEqual({ ...accepted, ...withdrawn });
    expect(await refused(withdraw('amelia'))).toEqual([
      409,
      `It is taken back already, by ${AMELIA}`,
    ]);
    expect(
      backend.audits.map(({ eventId, outcome }) => [eventId, outcome]),
    ).toEqual([
      ['change-withdraw', 'NotAllowedError'],
      ['change-withdraw', 'NotFoundError'],
      ['change-withdraw', 'success'],
      ['change-withdraw', 'ConflictError'],
    ]);
    expect(await plan()).toMatchObject({
      blockingCount: 1,
      changes: [{ effect: 'breaking' }],
    });

    // What was ever accepted stays known, the last one first.
    const again = await accept('amelia');
    expect(await list()).toEqual({
      items: [again, { ...accepted, ...withdrawn }],
      totalItems: 2,
    });
    const first = await list({ limit: 1, targetVersion: '2.0.0' });
    expect(first).toMatchObject({ items: [again], totalItems: 2 });
    expect((await list({ limit: 1, cursor: first.nextCursor })).items).toEqual([
      { ...accepted, ...withdrawn },
    ]);
    expect(await list({ targetVersion: '3.0.0' })).toMatchObject({
      totalItems: 0,
    });
  });
});
