import { Config } from '@backstage/config';
import { MasterKey } from './consumerSecret';
import { PrivateKey } from './privateKey';
import { sharedSecretSigner } from './sharedSecret';
import { Signer } from './types';

/** The keys that callbacks are signed with; there may be several of each. */
export interface Signing {
  secrets: Signer[];
  masterKeys: MasterKey[];
  privateKeys: PrivateKey[];
}

/**
 * Reads `secrets`, `masterKeys` and `privateKeys` of the webhooks' settings.
 *
 * @param key - where `webhooks` is in the configuration
 * @throws InputError naming the key, never a secret
 */
export function readSigning(
  webhooks: Config | undefined,
  key: string,
): Signing {
  return {
    secrets: readSecrets(webhooks, key),
    masterKeys: readEach(webhooks, key, 'masterKeys', MasterKey.parse),
    privateKeys: readEach(webhooks, key, 'privateKeys', PrivateKey.parse),
  };
}

/** Reads the shared secrets of all webhooks, or of one entry of the allow-list. */
export function readSecrets(config: Config | undefined, key: string): Signer[] {
  return readEach(config, key, 'secrets', sharedSecretSigner);
}

function readEach<T>(
  config: Config | undefined,
  key: string,
  name: string,
  parse: (value: string, key: string) => T,
): T[] {
  const values = config?.getOptionalStringArray(name) ?? [];
  return values.map((value, index) => parse(value, `${key}.${name}[${index}]`));
}
