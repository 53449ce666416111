import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { prefixMatcher } from '../../urlPrefix';
import { MOST_AT_A_TIME } from '../streams';
import {
  AnnouncementKind,
  announcementKinds,
  isHeardByDefault,
} from '../types';
import { readSecrets, readSigning, Signing } from './signing/readSigning';
import { Signer } from './signing/types';

/** How a CloudEvent becomes a request: all of it as JSON, or its data with headers. */
export type ContentMode = 'structured' | 'binary';

/** One entry of the operator's allow-list. */
export interface AllowRule {
  matches(url: URL): boolean;
  /** Whether it may be an address of a private network or of this machine. */
  allowPrivate: boolean;
  contentMode: ContentMode;
  /** Whether calls are made for an announcement. */
  hears(kind: AnnouncementKind): boolean;
  /** Every one of them signs, so that receivers can change theirs at leisure. */
  signers: Signer[];
}

export interface WebhookSettings {
  rules: AllowRule[];
  timeoutMs: number;
  /** Calls to one consumer that are made at a time, at most. */
  atATime: number;
  /** What is told of the keys: public ones to everybody, derived ones to their owners. */
  signing: Pick<Signing, 'masterKeys' | 'privateKeys'>;
}

const KEY = 'datasetMigrations.notifications.webhooks';
const DEFAULT_TIMEOUT_MS = 15_000;
const LEAST_TIMEOUT_MS = 1_000;
/** A slot waits so long, and what the receiver is told next. */
const MOST_TIMEOUT_MS = 300_000;
const DEFAULT_AT_A_TIME = 4;

/**
 * Reads `datasetMigrations.notifications.webhooks`. Without it every webhook is
 * refused.
 *
 * @throws InputError naming the key, never a secret
 */
export function readWebhookSettings(config: Config): WebhookSettings {
  const webhooks = config.getOptionalConfig(KEY);
  const signing = readSigning(webhooks, KEY);
  const rules = (webhooks?.getOptionalConfigArray('allow') ?? []).map(
    (entry, index) => {
      const key = `${KEY}.allow[${index}]`;
      const own = readSecrets(entry, key);
      const signers = [
        ...signing.masterKeys,
        ...(own.length > 0 ? own : signing.secrets),
        ...signing.privateKeys,
      ];
      if (signers.length === 0) {
        throw new InputError(
          `Set ${KEY}.masterKeys, .privateKeys or .secrets, or ${key}.secrets: callbacks are always signed`,
        );
      }
      return {
        matches: readMatcher(entry, key),
        allowPrivate: entry.getOptionalBoolean('allowPrivate') ?? false,
        contentMode: readContentMode(entry, key),
        hears: readEvents(entry, key),
        signers,
      };
    },
  );
  return {
    rules,
    timeoutMs: readTimeout(webhooks),
    atATime: readAtATime(webhooks),
    signing,
  };
}

function readTimeout(webhooks: Config | undefined): number {
  if (!webhooks?.has('timeout')) {
    return DEFAULT_TIMEOUT_MS;
  }
  const timeout = durationToMilliseconds(
    readDurationFromConfig(webhooks, { key: 'timeout' }),
  );
  if (timeout < LEAST_TIMEOUT_MS || timeout > MOST_TIMEOUT_MS) {
    throw new InputError(
      `${KEY}.timeout must be from 1 second to 5 minutes, not ${
        timeout / 1000
      } seconds`,
    );
  }
  return timeout;
}

function readAtATime(webhooks: Config | undefined): number {
  const value =
    webhooks?.getOptionalNumber('callsPerConsumer') ?? DEFAULT_AT_A_TIME;
  if (!Number.isInteger(value) || value < 1 || value > MOST_AT_A_TIME) {
    throw new InputError(
      `${KEY}.callsPerConsumer must be a whole number from 1 to ${MOST_AT_A_TIME}, not ${value}`,
    );
  }
  return value;
}

function readContentMode(entry: Config, key: string): ContentMode {
  const mode = entry.getOptionalString('contentMode') ?? 'structured';
  if (mode !== 'structured' && mode !== 'binary') {
    throw new InputError(
      `${key}.contentMode must be 'structured' or 'binary', not '${mode}'`,
    );
  }
  return mode;
}

/** Without it what all receivers hear of: those of earlier releases may refuse others. */
function readEvents(entry: Config, key: string): AllowRule['hears'] {
  const events = entry.getOptionalStringArray('events');
  if (!events) {
    return isHeardByDefault;
  }
  const known: readonly string[] = ['*', ...announcementKinds];
  const unknown = events.find(event => !known.includes(event));
  if (unknown !== undefined) {
    throw new InputError(
      `${key}.events must be of ${known
        .map(event => `'${event}'`)
        .join(', ')}, not '${unknown}'`,
    );
  }
  return kind => events.includes('*') || events.includes(kind);
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
