import { InputError } from '@backstage/errors';
import {
  CampaignSelection,
  CampaignWaves,
  CatalogFilter,
  CreateCampaignRequest,
  timeWindowProblems,
} from '@skein/backstage-plugin-dataset-migrations-common';
import semver from 'semver';
import { normalizeEntityRef } from '../datasets/entityRefs';
import { CampaignRequest } from './types';

const DEFAULT_LIMITS = { batchSize: 100, maxInFlight: 1_000 };

/**
 * Fills in what a request leaves out and checks what its schema cannot.
 *
 * @throws InputError naming field and value
 */
export function readCampaignRequest(
  request: CreateCampaignRequest,
): CampaignRequest {
  const { selection, targetVersion, waves, windows = [] } = request;
  if (
    targetVersion !== undefined &&
    semver.validRange(targetVersion) === null
  ) {
    throw new InputError(
      `targetVersion must be a version or a range of versions such as '2.x', not '${targetVersion}'`,
    );
  }
  windows.forEach((window, index) => {
    const problems = timeWindowProblems(window);
    if (problems.length > 0) {
      throw new InputError(`windows[${index}] ${problems.join('; ')}`);
    }
  });
  if (waves) {
    assertRising(waves);
  }
  return {
    ...request,
    selection: readSelection(selection),
    policy: request.policy ?? 'switch',
    limits: { ...DEFAULT_LIMITS, ...request.limits },
    windows,
    autoStart: request.autoStart ?? false,
  };
}

function readSelection(selection: CampaignSelection): CampaignSelection {
  const given = Object.keys(selection);
  if (given.length !== 1) {
    throw new InputError(
      `selection must have one of 'datasets', 'filter' and 'query', not ${
        given.map(key => `'${key}'`).join(' and ') || 'none of them'
      }`,
    );
  }
  const { datasets, filter } = selection;
  if (filter) {
    assertNarrow([filter].flat());
  }
  if (!datasets) {
    return selection;
  }
  const refs = datasets.map((ref, index) =>
    normalizeEntityRef(ref, `selection.datasets[${index}]`),
  );
  return { datasets: [...new Set(refs)] };
}

/** The catalog's client leaves out what is empty, and splits at commas. */
function assertNarrow(filters: CatalogFilter[]): void {
  if (filters.length === 0) {
    throw new InputError('selection.filter must have at least one filter');
  }
  for (const filter of filters) {
    const entries = Object.entries(filter);
    if (entries.length === 0) {
      throw new InputError('selection.filter must name a key, not be empty');
    }
    for (const [key, value] of entries) {
      const values = [value].flat();
      const wrong = [key, ...values].find(
        text => text === '' || text.includes(','),
      );
      if (values.length === 0 || wrong !== undefined) {
        throw new InputError(
          `selection.filter '${key}' must have values without commas, not ${JSON.stringify(
            value,
          )}`,
        );
      }
    }
  }
}

function assertRising({ shares }: CampaignWaves): void {
  shares.forEach((share, index) => {
    if (share <= (shares[index - 1] ?? 0)) {
      throw new InputError(
        `waves.shares must rise, but ${share} comes after ${
          shares[index - 1] ?? 0
        }`,
      );
    }
  });
}
