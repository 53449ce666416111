import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds, HumanDuration } from '@backstage/types';

export interface PipelineSettings {
  /** How long one job copies before it passes on to its successor. */
  sliceMs: number;
  /** How long after the cut over a migration can be rolled back. */
  rollbackWindowMs: number;
  /** How old what the catalog said of consumers may be at the cut over. */
  catalogAnswerMs: number;
  /** A constraint that excludes the target version breaks by itself. */
  strictConstraints: boolean;
}

/**
 * Reads `datasetMigrations.pipeline`: `sliceDuration`, `rollbackWindow`,
 * `catalogAnswer`, `strictConstraints`.
 *
 * @throws InputError naming the key
 */
export function readPipelineSettings(config: Config): PipelineSettings {
  const pipeline = config.getOptionalConfig('datasetMigrations.pipeline');
  const milliseconds = (key: string, fallback: HumanDuration) =>
    durationToMilliseconds(
      pipeline?.has(key) ? readDurationFromConfig(pipeline, { key }) : fallback,
    );
  const longer = (key: string, fallback: HumanDuration) => {
    const value = milliseconds(key, fallback);
    if (!(value > 0)) {
      throw new InputError(
        `datasetMigrations.pipeline.${key} must be longer than nothing`,
      );
    }
    return value;
  };
  return {
    sliceMs: longer('sliceDuration', { seconds: 20 }),
    rollbackWindowMs: longer('rollbackWindow', { days: 7 }),
    catalogAnswerMs: milliseconds('catalogAnswer', { seconds: 1 }),
    strictConstraints:
      pipeline?.getOptionalBoolean('strictConstraints') ?? false,
  };
}
