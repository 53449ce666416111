import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  TimeWindow,
  timeWindowProblems,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { normalizeEntityRef } from '../datasets/entityRefs';

const KEY = 'datasetMigrations.campaigns';

export interface CampaignSettings {
  /** Datasets that one campaign may have. */
  maxDatasets: number;
  /** Migrations that all campaigns together may have in flight. */
  maxInFlight: number;
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
    windowsOfOwner: readWindows(
      campaigns?.getOptionalConfigArray('windows') ?? [],
    ),
  };
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
