import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { ResponseError } from '@backstage/errors';
import { webhookSecretReadPermission } from '@skein/backstage-plugin-dataset-migrations-common';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  asUser,
  component,
  dataset,
  startBackend,
  TestBackend,
} from '../__testUtils__/testBackend';
import { MasterKey } from '../notifications/webhooks/signing/consumerSecret';
import { PrivateKey } from '../notifications/webhooks/signing/privateKey';
import { requireMeantForSecrets } from './webhooks';

jest.setTimeout(120_000);

const board = 'component:default/board';
const masterKeys = [0, 1].map(() => randomBytes(32).toString('base64'));
const pem = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

describe('requireMeantForSecrets', () => {
  const of = (permissionNames?: string[]) =>
    mockCredentials.service(
      'external:ci',
      permissionNames && { permissionNames },
    ).principal;

  it('lets a service pass whose token names the permission', () => {
    expect(() =>
      requireMeantForSecrets(
        of(['dataset.consumer.secret.read']),
        webhookSecretReadPermission,
      ),
    ).not.toThrow();
  });

  it.each([[undefined], [['dataset.read']]])(
    'refuses one whose token names %j',
    names => {
      expect(() =>
        requireMeantForSecrets(of(names), webhookSecretReadPermission),
      ).toThrow(
        "'external:ci' gets no secrets: its access restrictions do not name the permission 'dataset.consumer.secret.read'",
      );
    },
  );
});

describe('what receivers of callbacks verify them with', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let backend: TestBackend;

  beforeAll(async () => {
    backend = await startBackend({
      knex: await databases.init('POSTGRES_18'),
      config: {
        notifications: {
          owners: false,
          webhooks: { masterKeys, privateKeys: [pem] },
        },
      },
    });
    await backend.publish([
      dataset('flights'),
      component('board', {
        consumesDatasets: [{ dataset: 'resource:default/flights' }],
      }),
      component('bystander', {}),
    ]);
  });

  afterAll(async () => {
    await backend.stop();
  });

  async function refusal(user: string, ref = board): Promise<[number, string]> {
    try {
      await backend.as(user).getWebhookSecrets(ref);
    } catch (error) {
      const { statusCode, body } = error as ResponseError;
      return [statusCode, body.error.message];
    }
    throw new Error('It was not refused');
  }

  it('are public keys, which anybody may read', async () => {
    const answer = await fetch(`${backend.api}/webhook-keys`, {
      headers: { Authorization: 'Bearer mock-none-token' },
    });
    expect(answer.status).toBe(200);
    const { publicKey } = PrivateKey.parse(pem, 'privateKeys');
    expect(await answer.json()).toEqual({ keys: [publicKey] });
    expect(await backend.as('bessie').getWebhookKeys()).toEqual({
      keys: [publicKey],
    });
  });

  it('are secrets, which the owner of the consumer gets, audited', async () => {
    backend.audits.length = 0;
    const secrets = masterKeys.map(key =>
      MasterKey.parse(key, 'masterKeys').secretOf(board),
    );
    expect(await backend.as('bessie').getWebhookSecrets(board)).toEqual({
      secrets,
    });
    const owned = `Only its owners get the secrets of '${board}'`;
    expect(await refusal('amelia')).toEqual([403, owned]);
    // Whom the policy allows everything does not own it either.
    expect(await refusal('grace')).toEqual([403, owned]);
    const meta = { consumerRef: board };
    expect(backend.audits).toEqual([
      { eventId: 'webhook-secret-read', meta, outcome: 'success' },
      { eventId: 'webhook-secret-read', meta, outcome: 'NotAllowedError' },
      { eventId: 'webhook-secret-read', meta, outcome: 'NotAllowedError' },
    ]);
  });

  it('are no secrets for services that are not meant to have them', async () => {
    backend.audits.length = 0;
    const answer = await fetch(
      `${backend.api}/consumers/component/default/board/webhook-secrets`,
      { headers: { Authorization: mockCredentials.service.header() } },
    );
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toContain('whsec_');
    expect(backend.audits).toEqual([
      {
        eventId: 'webhook-secret-read',
        meta: { consumerRef: board },
        outcome: 'NotAllowedError',
      },
    ]);
  });

  it('are other secrets once the owner had them replaced, audited', async () => {
    backend.audits.length = 0;
    const secretsAt = (generation: number) =>
      masterKeys.map(key =>
        MasterKey.parse(key, 'masterKeys').secretOf(board, generation),
      );
    await expect(
      backend.as('amelia').replaceWebhookSecrets(board),
    ).rejects.toMatchObject({ statusCode: 403 });
    for (const generation of [1, 2]) {
      const secrets = secretsAt(generation);
      const owner = backend.as('bessie');
      expect(await owner.replaceWebhookSecrets(board)).toEqual({ secrets });
      expect(await owner.getWebhookSecrets(board)).toEqual({ secrets });
    }
    const meta = { consumerRef: board };
    expect(
      backend.audits.filter(
        ({ eventId }) => eventId === 'webhook-secret-replace',
      ),
    ).toEqual(
      ['NotAllowedError', 'success', 'success'].map(outcome => ({
        eventId: 'webhook-secret-replace',
        meta,
        outcome,
      })),
    );
  });

  it('are none of what is no consumer', async () => {
    expect(await refusal('bessie', 'component:default/bystander')).toEqual([
      404,
      "'component:default/bystander' is no consumer of a dataset",
    ]);
  });

  it('are not to be kept by what stands between', async () => {
    const answer = await fetch(
      `${backend.api}/consumers/component/default/board/webhook-secrets`,
      { headers: asUser('bessie') },
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});
