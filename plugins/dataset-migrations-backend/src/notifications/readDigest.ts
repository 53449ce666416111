import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds, HumanDuration } from '@backstage/types';

const KEY = 'datasetMigrations.notifications.digest';

const DAY_SECONDS = 86_400;

/** More often it would be what it is to spare people. */
const LEAST_SECONDS = DAY_SECONDS;

const MOST_SECONDS = 366 * DAY_SECONDS;

/**
 * Reads `datasetMigrations.notifications.digest.every`: how often owners of consumers
 * are told what waits for them, in seconds.
 *
 * @returns undefined where there is no digest
 * @throws InputError naming the key and what is wrong with it
 */
export function readDigest(config: Config): number | undefined {
  const given = config.getOptional(KEY);
  if (given === undefined || given === null) {
    return undefined;
  }
  if (typeof given !== 'object' || Array.isArray(given)) {
    throw new InputError(
      `${KEY} must be an object as { every: '7 days' }, not ${JSON.stringify(
        given,
      )}`,
    );
  }
  const key = `${KEY}.every`;
  const value = JSON.stringify(config.getOptional(key));
  if (value === undefined) {
    throw new InputError(`${key} must say how often, as '7 days'`);
  }
  const seconds =
    durationToMilliseconds(readDuration(config, key, value)) / 1000;
  if (!(seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS)) {
    throw new InputError(`${key} must be from a day to a year, not ${value}`);
  }
  // Starts of periods are kept as whole milliseconds, and must be found again.
  return Math.floor(seconds);
}

function readDuration(
  config: Config,
  key: string,
  value: string,
): HumanDuration {
  try {
    return readDurationFromConfig(config, { key });
  } catch {
    throw new InputError(`${key} must be a duration as '7 days', not ${value}`);
  }
}
