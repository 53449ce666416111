import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';

export interface BackoffSettings {
  /** Attempts after which a delivery is dead. */
  attempts: number;
  initialSeconds: number;
  maxSeconds: number;
}

const KEY = 'datasetMigrations.notifications.retries';
/**
 * 5 s, 30 s, 3 min, 18 min, and then every hour: a receiver may be down for a day,
 * and what waits behind its first delivery is told within about an hour of its return.
 */
const FACTOR = 6;
const DEFAULT_ATTEMPTS = 29;
const DEFAULT_INITIAL_SECONDS = 5;
const DEFAULT_MAX_SECONDS = 3600;

/** @throws InputError naming key and value */
export function readBackoffSettings(config: Config): BackoffSettings {
  const retries = config.getOptionalConfig(KEY);
  const attempts = retries?.getOptionalNumber('attempts') ?? DEFAULT_ATTEMPTS;
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > 50) {
    throw new InputError(
      `${KEY}.attempts must be a whole number from 1 to 50, not ${attempts}`,
    );
  }
  const seconds = (key: string, fallback: number) =>
    retries?.has(key)
      ? durationToMilliseconds(readDurationFromConfig(retries, { key })) / 1000
      : fallback;
  return {
    attempts,
    initialSeconds: seconds('initialDelay', DEFAULT_INITIAL_SECONDS),
    maxSeconds: seconds('maxDelay', DEFAULT_MAX_SECONDS),
  };
}

/**
 * Seconds until the next attempt, up to a fifth longer by chance, so that what
 * failed together does not come back together.
 *
 * @param attempts.failed - number of attempts that failed, from 1
 * @param attempts.atLeastSeconds - which the receiver asked for; no more than the
 *   longest delay is granted
 * @param attempts.most - fewer attempts than are configured
 * @returns undefined when there is no next one
 */
export function nextAttemptIn(
  settings: BackoffSettings,
  attempts: { failed: number; atLeastSeconds?: number; most?: number },
  random: () => number = Math.random,
): number | undefined {
  const { failed, atLeastSeconds = 0, most = settings.attempts } = attempts;
  if (failed >= Math.min(settings.attempts, most)) {
    return undefined;
  }
  const delay = Math.min(
    Math.max(delayAfter(settings, failed), atLeastSeconds),
    settings.maxSeconds,
  );
  return spread(delay, random);
}

/**
 * Seconds for which a receiver that did not answer is left alone.
 *
 * @param failed - calls in vain, one after the other, from 1
 */
export function restAfter(
  settings: BackoffSettings,
  failed: number,
  random: () => number = Math.random,
): number {
  return spread(delayAfter(settings, failed), random);
}

/** Seconds from the first attempt at a delivery to the last one. */
export function spanOf(settings: BackoffSettings): number {
  let seconds = 0;
  for (let failed = 1; failed < settings.attempts; failed++) {
    seconds += delayAfter(settings, failed);
  }
  return seconds;
}

function delayAfter(settings: BackoffSettings, failed: number): number {
  return Math.min(
    settings.initialSeconds * FACTOR ** (failed - 1),
    settings.maxSeconds,
  );
}

function spread(seconds: number, random: () => number): number {
  return seconds * (1 + random() / 5);
}
