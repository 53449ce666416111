import { ConfigReader } from '@backstage/config';
import { generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { messageOf } from '../../__testUtils__/messageOf';
import { verifyEd25519 } from '../__testUtils__/verifyEd25519';
import { readWebhookSettings } from './settings';

const id = 'b6a2e0f6-3f0a-4d0c-8f3e-5f0c5d0a9d11';
const board = 'component:default/board';
const masterKey = randomBytes(32).toString('base64');
const pemOf = () =>
  generateKeyPairSync('ed25519')
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

function settings(webhooks: object) {
  return readWebhookSettings(
    new ConfigReader({
      datasetMigrations: {
        notifications: {
          webhooks: { allow: [{ host: 'hooks.test' }], ...webhooks },
        },
      },
    }),
  );
}

/** The headers of a call, as {@link WebhookSender} makes them. */
function signed(webhooks: object, body: string, generations = [0]) {
  const at = new Date();
  const [{ signers }] = settings(webhooks).rules;
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signers
      .map(signer =>
        signer.sign({ id, at, body, consumerRef: board, generations }),
      )
      .join(' '),
  };
}

describe('signatures with keys of consumers', () => {
  const secretOf = (webhooks: object, consumerRef = board) =>
    settings(webhooks).signing.masterKeys.map(key => key.secretOf(consumerRef));

  it('are verified by the reference library with the secret of the consumer', () => {
    const config = { masterKeys: [masterKey] };
    const [secret] = secretOf(config);
    new Webhook(secret).verify('{}', signed(config, '{}'));
    expect(() =>
      new Webhook(secret).verify('{"a":1}', signed(config, '{}')),
    ).toThrow('No matching signature');
  });

  it('cannot be made with the secret of another consumer', () => {
    const config = { masterKeys: [masterKey] };
    const [other] = secretOf(config, 'component:default/other');
    expect(() => new Webhook(other).verify('{}', signed(config, '{}'))).toThrow(
      'No matching signature',
    );
  });

  it('have a secret that anybody with the master key can derive', () => {
    const derived = hkdfSync(
      'sha256',
      Buffer.from(masterKey, 'base64'),
      '',
      `skein dataset-migrations webhook v1 ${board}`,
      32,
    );
    expect(secretOf({ masterKeys: [masterKey] })).toEqual([
      `whsec_${Buffer.from(derived).toString('base64')}`,
    ]);
  });

  it('are of the old and the new secret while that of the consumer is replaced', () => {
    const config = { masterKeys: [masterKey] };
    const [key] = settings(config).signing.masterKeys;
    const secrets = [0, 1, 2].map(n => key.secretOf(board, n));
    expect(new Set(secrets).size).toBe(3);
    const headers = signed(config, '{}', [2, 1]);
    new Webhook(secrets[2]).verify('{}', headers);
    new Webhook(secrets[1]).verify('{}', headers);
    expect(() => new Webhook(secrets[0]).verify('{}', headers)).toThrow(
      'No matching signature',
    );
  });

  it('are of the old and the new key while one is changed', () => {
    const before = { masterKeys: [masterKey] };
    const during = {
      masterKeys: [randomBytes(48).toString('base64'), masterKey],
    };
    const after = { masterKeys: during.masterKeys.slice(0, 1) };
    const headers = signed(during, '{}');
    new Webhook(secretOf(before)[0]).verify('{}', headers);
    new Webhook(secretOf(after)[0]).verify('{}', headers);
    expect(() =>
      new Webhook(secretOf(before)[0]).verify('{}', signed(after, '{}')),
    ).toThrow('No matching signature');
  });
});

describe('signatures with Ed25519', () => {
  it('are verified with the public key, of whatever body', () => {
    const config = { privateKeys: [pemOf()] };
    const [{ publicKey }] = settings(config).signing.privateKeys;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), body => {
        const headers = signed(config, body);
        expect(verifyEd25519(headers, body, publicKey.x)).toBe(true);
        expect(verifyEd25519(headers, `${body} `, publicKey.x)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('are of the old and the new key while one is changed', () => {
    const keys = [pemOf(), pemOf()];
    const { privateKeys } = settings({ privateKeys: keys }).signing;
    const headers = signed({ privateKeys: keys }, '{}');
    for (const { publicKey } of privateKeys) {
      expect(verifyEd25519(headers, '{}', publicKey.x)).toBe(true);
    }
    const after = signed({ privateKeys: keys.slice(1) }, '{}');
    expect(verifyEd25519(after, '{}', privateKeys[0].publicKey.x)).toBe(false);
  });

  it('stand beside those of secrets, which the reference library still verifies', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const config = { privateKeys: [pemOf()], secrets: [secret] };
    expect(new Webhook(secret).verify('{}', signed(config, '{}'))).toEqual({});
  });

  it('read the key of the first test of RFC 8032 in each notation', () => {
    const seed = Buffer.from(
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'hex',
    );
    const open = Buffer.from(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      'hex',
    );
    const base64 = (...parts: Buffer[]) =>
      `whsk_${Buffer.concat(parts).toString('base64')}`;
    for (const key of [base64(seed), base64(seed, open)]) {
      const [{ publicKey }] = settings({ privateKeys: [key] }).signing
        .privateKeys;
      expect(publicKey).toEqual({
        kty: 'OKP',
        crv: 'Ed25519',
        alg: 'EdDSA',
        use: 'sig',
        // The thumbprint that RFC 8037 computes for this key.
        kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
        x: open.toString('base64url'),
        whpk: `whpk_${open.toString('base64')}`,
      });
    }
    expect(() => settings({ privateKeys: [base64(seed, seed)] })).toThrow(
      'privateKeys[0]',
    );
  });
});

describe('keys that are none', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

  it.each([
    [{ masterKeys: ['c2hvcnQ='] }, 'webhooks.masterKeys[0] must be base64 of'],
    [{ masterKeys: [masterKey, 'n o'] }, 'webhooks.masterKeys[1] must be'],
    [{ privateKeys: [rsa] }, 'webhooks.privateKeys[0] must be an Ed25519'],
    [{ privateKeys: ['whsk_c2hvcnQ='] }, 'webhooks.privateKeys[0] must be'],
    [{ privateKeys: ['hunter2'] }, 'webhooks.privateKeys[0] must be'],
    [
      {
        masterKeys: [masterKey],
        allow: [{ host: 'a.test', contentMode: 'batched' }],
      },
      "allow[0].contentMode must be 'structured' or 'binary', not 'batched'",
    ],
  ])('are refused without being shown: %#', (webhooks, message) => {
    const refusal = messageOf(() => settings(webhooks));
    expect(refusal).toContain(message);
    expect(refusal).not.toMatch(/c2hvcnQ|hunter2|PRIVATE KEY/);
  });
});
