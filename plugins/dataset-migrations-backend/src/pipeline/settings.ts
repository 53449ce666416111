import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds, HumanDuration } from '@backstage/types';

/** Whoever came to read a dataset in that time may not be seen before it switches. */
const MAX_CATALOG_ANSWER_MS = 30_000;

export interface PipelineSettings {
  /** How long one job copies before it passes on to its successor. */
  sliceMs: number;
  /** How long after the cut over a migration can be rolled back. */
  rollbackWindowMs: number;
  /** How long ago a job may have asked the catalog for consumers when it cuts over. */
  catalogAnswerMs: number;
  /** A constraint that excludes the target version breaks by itself. */
  strictConstraints: boolean;
}

/**
 * Reads `datasetMigrations.pipeline`: `sliceDuration`, `rollbackWindow`,
 * `catalogAnswer`, `strictConstraints`.
 *
 * @throws InputError naming the key, and the value where that is out of range
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
  const catalogAnswer = () => {
    const value = milliseconds('catalogAnswer', { seconds: 1 });
    if (!(value >= 0 && value <= MAX_CATALOG_ANSWER_MS)) {
      throw new InputError(
        `datasetMigrations.pipeline.catalogAnswer must be from 0 to ${
          MAX_CATALOG_ANSWER_MS / 1000
        } seconds, not ${value / 1000}`,
      );
    }
    return value;
  };
  return {
    sliceMs: longer('sliceDuration', { seconds: 20 }),
    rollbackWindowMs: longer('rollbackWindow', { days: 7 }),
    catalogAnswerMs: catalogAnswer(),
    strictConstraints:
      pipeline?.getOptionalBoolean('strictConstraints') ?? false,
  };
}
