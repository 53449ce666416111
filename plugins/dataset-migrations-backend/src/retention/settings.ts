import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds, HumanDuration } from '@backstage/types';
import { readPipelineSettings } from '../pipeline/settings';

const KEY = 'datasetMigrations.retention';

const defaults = {
  jobs: { days: 7 },
  preflights: { days: 30 },
  events: { days: 90 },
  deliveries: { days: 90 },
  evidence: { days: 180 },
  campaigns: { years: 1 },
  migrations: { years: 2 },
} satisfies Record<string, HumanDuration>;

/** How long each is kept after its end, in milliseconds; jobs, by the queue itself. */
export type RetentionSettings = Record<keyof typeof defaults, number>;

/** What a roll back needs. */
const neededByRollback: ReadonlyArray<keyof RetentionSettings> = [
  'evidence',
  'migrations',
];

/**
 * Reads `datasetMigrations.retention`.
 *
 * @throws InputError naming the key: for what is no duration, and for `evidence`
 *   and `migrations` shorter than `datasetMigrations.pipeline.rollbackWindow`
 */
export function readRetentionSettings(config: Config): RetentionSettings {
  const settings = {} as RetentionSettings;
  for (const key of Object.keys(defaults) as Array<keyof RetentionSettings>) {
    const value = durationToMilliseconds(
      config.has(`${KEY}.${key}`)
        ? readDurationFromConfig(config, { key: `${KEY}.${key}` })
        : defaults[key],
    );
    if (!(value > 0)) {
      throw new InputError(`${KEY}.${key} must be longer than nothing`);
    }
    settings[key] = value;
  }
  const { rollbackWindowMs } = readPipelineSettings(config);
  for (const key of neededByRollback) {
    if (settings[key] < rollbackWindowMs) {
      throw new InputError(
        `${KEY}.${key} must not be shorter than datasetMigrations.pipeline.rollbackWindow, within which it is needed`,
      );
    }
  }
  return settings;
}
