import { InputError } from '@backstage/errors';
import { Webhook } from 'standardwebhooks';
import { Signer } from './types';

/**
 * Signs with a secret that all receivers of some addresses share (`v1`).
 *
 * @param key - of the configuration, for the error
 * @throws InputError naming the key, never the secret
 */
export function sharedSecretSigner(secret: string, key: string): Signer {
  let webhook: Webhook;
  try {
    webhook = new Webhook(secret);
  } catch {
    throw new InputError(
      `${key} must be a Standard Webhooks secret: 'whsec_' and base64`,
    );
  }
  return { sign: ({ id, at, body }) => webhook.sign(id, at, body) };
}
