import {
  Config,
  ConfigReader,
  readDurationFromConfig,
} from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  durationToMilliseconds,
  HumanDuration,
  JsonValue,
} from '@backstage/types';

const KEY = 'datasetMigrations.notifications.remindBefore';

const DEFAULTS: HumanDuration[] = [{ days: 7 }, { days: 1 }];

/** Reminders are made once an hour. */
const LEAST_SECONDS = 3600;

/** More would be a nuisance, and no reminder. */
const MOST_REMINDERS = 5;

/**
 * Reads `datasetMigrations.notifications.remindBefore`: how long before a deadline
 * consumers are reminded of it, in seconds. None at all where the list is empty.
 *
 * @throws InputError naming the key and what is wrong with it
 */
export function readRemindBefore(config: Config): number[] {
  const given = config.getOptional(KEY) ?? DEFAULTS;
  if (!Array.isArray(given)) {
    throw new InputError(`${KEY} must be a list of durations`);
  }
  if (given.length > MOST_REMINDERS) {
    throw new InputError(
      `${KEY} must hold at most ${MOST_REMINDERS} durations, not ${given.length}`,
    );
  }
  return given.map((value: JsonValue, index) => readSeconds(value, index));
}

function readSeconds(value: JsonValue, index: number): number {
  const key = `${KEY}[${index}]`;
  const seconds = durationToMilliseconds(readDuration(value, key)) / 1000;
  if (!(seconds >= LEAST_SECONDS)) {
    throw new InputError(
      `${key} must be an hour or longer, not ${JSON.stringify(value)}`,
    );
  }
  return seconds;
}

/** What reads durations knows of no lists. */
function readDuration(value: JsonValue, key: string): HumanDuration {
  try {
    return readDurationFromConfig(new ConfigReader({ before: value }), {
      key: 'before',
    });
  } catch {
    throw new InputError(
      `${key} must be a duration as '7 days', not ${JSON.stringify(value)}`,
    );
  }
}
