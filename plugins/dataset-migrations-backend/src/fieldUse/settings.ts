import { Config, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds, HumanDuration } from '@backstage/types';

const KEY = 'datasetMigrations.fieldUse';

export interface FieldUseSettings {
  /** Undefined where sources are not read. */
  readSourcesEvery?: HumanDuration;
  /** How long what a run read counts after it, in milliseconds. */
  observedForMs: number;
}

/** Reads `datasetMigrations.fieldUse`. */
export function readFieldUseSettings(config: Config): FieldUseSettings {
  const duration = (key: string, byDefault: HumanDuration) =>
    config.has(`${KEY}.${key}`)
      ? readDurationFromConfig(config, { key: `${KEY}.${key}` })
      : byDefault;
  const reads = config.getOptionalBoolean(`${KEY}.readSources`) ?? true;
  return {
    ...(reads && {
      readSourcesEvery: duration('readSourcesEvery', { hours: 1 }),
    }),
    observedForMs: durationToMilliseconds(
      duration('observedFor', { days: 90 }),
    ),
  };
}
