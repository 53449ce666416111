import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { Webhook } from 'standardwebhooks';
import { prefixMatcher } from '../../urlPrefix';

/** One entry of the operator's allow-list. */
export interface AllowRule {
  matches(url: URL): boolean;
  /** Whether it may be an address of a private network or of this machine. */
  allowPrivate: boolean;
  /** Every one of them signs, so that receivers can change theirs at leisure. */
  signers: Webhook[];
}

export interface WebhookSettings {
  rules: AllowRule[];
  timeoutMs: number;
}

const KEY = 'datasetMigrations.notifications.webhooks';
const DEFAULT_TIMEOUT_MS = 15_000;

/**
 * Reads `datasetMigrations.notifications.webhooks`. Without it every webhook is
 * refused.
 *
 * @throws InputError naming the key, never a secret
 */
export function readWebhookSettings(config: Config): WebhookSettings {
  const webhooks = config.getOptionalConfig(KEY);
  const common = readSigners(webhooks, KEY);
  const rules = (webhooks?.getOptionalConfigArray('allow') ?? []).map(
    (entry, index) => {
      const key = `${KEY}.allow[${index}]`;
      const own = readSigners(entry, key);
      const signers = own.length > 0 ? own : common;
      if (signers.length === 0) {
        throw new InputError(
          `Set ${KEY}.secrets, or ${key}.secrets: callbacks are always signed`,
        );
      }
      return {
        matches: readMatcher(entry, key),
        allowPrivate: entry.getOptionalBoolean('allowPrivate') ?? false,
        signers,
      };
    },
  );
  const timeoutMs = webhooks?.has('timeout')
    ? durationToMilliseconds(
        readDurationFromConfig(webhooks, { key: 'timeout' }),
      )
    : DEFAULT_TIMEOUT_MS;
  return { rules, timeoutMs };
}

function readSigners(config: Config | undefined, key: string): Webhook[] {
  const secrets = config?.getOptionalStringArray('secrets') ?? [];
  return secrets.map((secret, index) => {
    try {
      return new Webhook(secret);
    } catch {
      throw new InputError(
        `${key}.secrets[${index}] must be a Standard Webhooks secret: 'whsec_' and base64`,
      );
    }
  });
}

function readMatcher(entry: Config, key: string): AllowRule['matches'] {
  const host = entry.getOptionalString('host')?.toLocaleLowerCase('en-US');
  const prefix = entry.getOptionalString('urlPrefix');
  if ((host === undefined) === (prefix === undefined)) {
    throw new InputError(`${key} needs either 'host' or 'urlPrefix'`);
  }
  if (prefix !== undefined) {
    return prefixMatcher(prefix, key);
  }
  const suffix = host!.startsWith('*.') ? host!.slice(1) : undefined;
  return url =>
    url.protocol === 'https:' &&
    (suffix ? url.host.endsWith(suffix) : url.host === host);
}
