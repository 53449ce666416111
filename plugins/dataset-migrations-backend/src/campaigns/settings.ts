import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import {
  TimeWindow,
  timeWindowProblems,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { normalizeEntityRef } from '../datasets/entityRefs';

const KEY = 'datasetMigrations.campaigns';

/** Every look asks the database, in every process. */
const SHORTEST_PAUSE_MS = 100;

/** Windows open and close meanwhile, and who starts a campaign waits for it. */
const LONGEST_PAUSE_MS = 3_600_000;

export interface CampaignSettings {
  /** Datasets that one campaign may have. */
  maxDatasets: number;
  /** Migrations that all campaigns together may have in flight. */
  maxInFlight: number;
  /** Milliseconds between two looks at what campaigns can do next. */
  lookEveryMs: number;
  /** When datasets of an owner may be migrated whose entity says nothing. */
  windowsOfOwner: Map<string, TimeWindow[]>;
}

/**
 * Reads `datasetMigrations.campaigns`.
 *
 * @throws InputError naming the key and its value
 */
export function readCampaignSettings(config: Config): CampaignSettings {
  const campaigns = config.getOptionalConfig(KEY);
  const count = (key: string, fallback: number) => {
    const value = campaigns?.getOptionalNumber(key) ?? fallback;
    if (!Number.isInteger(value) || value < 1) {
      throw new InputError(
        `${KEY}.${key} must be a whole number above 0, not ${value}`,
      );
    }
    return value;
  };
  return {
    maxDatasets: count('maxDatasets', 50_000),
    maxInFlight: count('maxInFlight', 2_000),
    lookEveryMs: readLookEvery(campaigns),
    windowsOfOwner: readWindows(
      campaigns?.getOptionalConfigArray('windows') ?? [],
    ),
  };
}

function readLookEvery(campaigns: Config | undefined): number {
  if (!campaigns?.has('lookEvery')) {
    return 1_000;
  }
  const value = durationToMilliseconds(
    readDurationFromConfig(campaigns, { key: 'lookEvery' }),
  );
  if (value < SHORTEST_PAUSE_MS || value > LONGEST_PAUSE_MS) {
    throw new InputError(
      `${KEY}.lookEvery must be ${SHORTEST_PAUSE_MS} to ${LONGEST_PAUSE_MS} milliseconds, not ${value}`,
    );
  }
  return value;
}

function readWindows(entries: Config[]): Map<string, TimeWindow[]> {
  const windows = new Map<string, TimeWindow[]>();
  entries.forEach((entry, index) => {
    const path = `${KEY}.windows[${index}]`;
    const window = {
      days: entry.getOptionalStringArray('days'),
      from: entry.getString('from'),
      to: entry.getString('to'),
      timeZone: entry.getString('timeZone'),
    };
    const problems = timeWindowProblems(window);
    if (problems.length > 0) {
      throw new InputError(`${path} ${problems.join('; ')}`);
    }
    for (const owner of entry.getStringArray('owners')) {
      const ref = normalizeEntityRef(owner, `${path}.owners`);
      windows.set(ref, [...(windows.get(ref) ?? []), window as TimeWindow]);
    }
  });
  return windows;
}
