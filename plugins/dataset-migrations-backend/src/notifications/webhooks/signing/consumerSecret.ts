import { InputError } from '@backstage/errors';
import { hkdfSync } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { SignedMessage, Signer } from './types';

const SECRET_BYTES = 32;

/** Says what keys are derived for, so that no other use of a master key gets the same. */
const PURPOSE = 'skein dataset-migrations webhook v1';

/** A key from which each consumer gets a secret of its own, which tells nothing of others'. */
export class MasterKey implements Signer {
  private constructor(private readonly key: Buffer) {}

  /**
   * @param value - base64 of at least 32 bytes
   * @param key - of the configuration, for the error
   * @throws InputError naming the key, never the value
   */
  static parse(value: string, key: string): MasterKey {
    const bytes = Buffer.from(value, 'base64');
    const isBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/.test(value);
    if (!isBase64 || bytes.length < SECRET_BYTES) {
      throw new InputError(
        `${key} must be base64 of at least ${SECRET_BYTES} random bytes, as 'openssl rand -base64 32' makes them`,
      );
    }
    return new MasterKey(bytes);
  }

  /**
   * The secret of a consumer, as Standard Webhooks writes it (`whsec_...`): HKDF
   * with SHA-256 (RFC 5869) of the master key, without salt, for the purpose and
   * the consumer's entity ref, and for its generation once it was replaced.
   */
  secretOf(consumerRef: string, generation = 0): string {
    const info =
      generation === 0
        ? `${PURPOSE} ${consumerRef}`
        : `${PURPOSE} ${consumerRef} ${generation}`;
    const secret = hkdfSync('sha256', this.key, '', info, SECRET_BYTES);
    return `whsec_${Buffer.from(secret).toString('base64')}`;
  }

  sign({ id, at, body, consumerRef, generations }: SignedMessage): string {
    return generations
      .map(generation => this.secretOf(consumerRef, generation))
      .map(secret => new Webhook(secret).sign(id, at, body))
      .join(' ');
  }
}
