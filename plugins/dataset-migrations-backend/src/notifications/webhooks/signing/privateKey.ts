import { InputError } from '@backstage/errors';
import { WebhookKey } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  KeyObject,
  sign,
} from 'node:crypto';
import { SignedMessage, Signer } from './types';

const SEED_BYTES = 32;

/** What stands before the seed in the DER of an Ed25519 key (PKCS #8, RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Signs with an Ed25519 key (`v1a`), so that receivers hold nothing to forge with. */
export class PrivateKey implements Signer {
  /** For receivers; nothing about it is secret. */
  readonly publicKey: WebhookKey;

  private constructor(private readonly key: KeyObject) {
    const x = createPublicKey(key).export({ format: 'jwk' }).x!;
    this.publicKey = {
      kty: 'OKP',
      crv: 'Ed25519',
      alg: 'EdDSA',
      use: 'sig',
      kid: thumbprintOf(x),
      x,
      whpk: `whpk_${Buffer.from(x, 'base64url').toString('base64')}`,
    };
  }

  /**
   * @param value - PEM as `openssl genpkey -algorithm ed25519` writes it, or `whsk_`
   *   and base64 of the seed, with or without the public key behind it
   * @param key - of the configuration, for the error
   * @throws InputError naming the key, never the value
   */
  static parse(value: string, key: string): PrivateKey {
    const parsed = value.startsWith('whsk_')
      ? fromSeed(Buffer.from(value.slice('whsk_'.length), 'base64'))
      : fromPem(value);
    if (parsed?.asymmetricKeyType !== 'ed25519') {
      throw new InputError(
        `${key} must be an Ed25519 private key: PEM, or 'whsk_' and base64`,
      );
    }
    return new PrivateKey(parsed);
  }

  sign({ id, at, body }: SignedMessage): string {
    const seconds = Math.floor(at.getTime() / 1000);
    const signed = sign(
      null,
      Buffer.from(`${id}.${seconds}.${body}`),
      this.key,
    );
    return `v1a,${signed.toString('base64')}`;
  }
}

function fromPem(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function fromSeed(bytes: Buffer): KeyObject | undefined {
  if (bytes.length !== SEED_BYTES && bytes.length !== 2 * SEED_BYTES) {
    return undefined;
  }
  const seed = bytes.subarray(0, SEED_BYTES);
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  const given = bytes.subarray(SEED_BYTES).toString('base64url');
  return given === '' || given === x ? key : undefined;
}

/** RFC 7638, so that everybody computes the same name for a key. */
function thumbprintOf(x: string): string {
  return createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
}
