import {
  Campaign,
  CampaignDataset,
  CampaignDatasetState,
  campaignDatasetStates,
  FailureGroup,
  QueueSample,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { DateTime } from 'luxon';
import { ago } from './migrations';

/** Counts of all states; those that are not named are 0. */
export function countsOf(
  counts: Partial<Record<CampaignDatasetState, number>>,
): Record<CampaignDatasetState, number> {
  const none = Object.fromEntries(
    campaignDatasetStates.map(state => [state, 0]),
  ) as Record<CampaignDatasetState, number>;
  return { ...none, ...counts };
}

/** One campaign over ten thousand datasets, half way. */
export function runningCampaign(overrides: Partial<Campaign> = {}): Campaign {
  return {
    id: '01camp1',
    title: 'Amounts in cents, all shops',
    description: 'Money becomes whole cents. Ask #data-platform.',
    state: 'running',
    createdBy: 'user:default/grace',
    createdAt: ago(2_400),
    startedAt: ago(1_800),
    total: 10_000,
    counts: countsOf({
      succeeded: 5_120,
      active: 1_000,
      blocked: 37,
      failed: 12,
      skipped: 4,
      excluded: 118,
      waiting: 3_709,
    }),
    wave: { current: 3, count: 4 },
    endedPerMinute: 412,
    secondsLeft: 690,
    selection: {
      query: { search: 'orders', engine: 'postgres', status: 'upgradable' },
    },
    policy: 'switch',
    limits: { batchSize: 100, maxInFlight: 1_000, startsPerMinute: 600 },
    waves: { canary: 10, shares: [0.1, 0.5, 1], maxFailureRate: 0.02 },
    windows: [
      {
        days: ['mon', 'tue', 'wed', 'thu', 'fri'],
        from: '22:00',
        to: '05:00',
        timeZone: 'Europe/Berlin',
      },
    ],
    stop: { failures: 200, failureRate: 0.1 },
    timeoutMinutes: 60,
    autoStart: false,
    dryRun: {
      breaking: 41,
      verdicts: { ready: 18_204, breaks: 52, unknown: 9 },
      metadataOnly: 6_130,
      rows: 48_000_000,
      bytes: 9_300_000_000,
      cycles: [
        ['resource:default/dataset-00007', 'resource:default/dataset-00011'],
      ],
    },
    actions: ['pause', 'cancel', 'retry-failed'],
    events: [
      { at: ago(20), level: 'info', message: '100 migrations started' },
      {
        at: ago(900),
        level: 'warn',
        message: 'wave 2 ended with 12 failures of 5,000, 0.24 %',
      },
      { at: ago(1_800), level: 'info', message: 'started by Grace' },
      { at: ago(2_390), level: 'info', message: '10,000 datasets selected' },
    ],
    ...overrides,
  };
}

/** The same before it began. */
export function plannedCampaign(overrides: Partial<Campaign> = {}): Campaign {
  return runningCampaign({
    id: '01camp2',
    title: 'Postal codes as text',
    state: 'planned',
    startedAt: undefined,
    counts: countsOf({ waiting: 9_882, excluded: 118 }),
    wave: undefined,
    endedPerMinute: undefined,
    secondsLeft: undefined,
    actions: ['start', 'cancel'],
    ...overrides,
  });
}

export function pausedCampaign(overrides: Partial<Campaign> = {}): Campaign {
  return runningCampaign({
    id: '01camp3',
    title: 'Retire the old event columns',
    state: 'paused',
    reason: 'wave 2 had 4.1 % failures, more than the 2 % allowed',
    endedPerMinute: undefined,
    secondsLeft: undefined,
    actions: ['resume', 'cancel', 'retry-failed'],
    ...overrides,
  });
}

export function finishedCampaign(overrides: Partial<Campaign> = {}): Campaign {
  return runningCampaign({
    id: '01camp4',
    title: 'Route column for flights',
    state: 'finished',
    createdAt: ago(90_000),
    startedAt: ago(89_000),
    finishedAt: ago(86_000),
    total: 240,
    counts: countsOf({ succeeded: 238, failed: 2 }),
    wave: undefined,
    waves: undefined,
    endedPerMinute: undefined,
    secondsLeft: undefined,
    actions: ['retry-failed'],
    ...overrides,
  });
}

const cycle: CampaignDatasetState[] = [
  'succeeded',
  'active',
  'succeeded',
  'waiting',
  'blocked',
  'succeeded',
  'failed',
  'waiting',
  'skipped',
  'excluded',
];

const reasons: Partial<Record<CampaignDatasetState, string>> = {
  waiting: 'waits for `resource:default/dataset-00000`',
  blocked: 'Breaking change detected: Delay dashboard reads `amount`',
  failed: '3 rows of `amount` do not cast to integer',
  skipped: '`resource:default/dataset-00006`, on which it depends, failed',
  excluded: 'there is no version after 2.0.0',
};

/** Datasets of a campaign in all states. */
export function campaignDatasets(count: number): CampaignDataset[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `dataset-${String(index).padStart(5, '0')}`;
    const state = cycle[index % cycle.length];
    const started = ['succeeded', 'active', 'blocked', 'failed'].includes(
      state,
    );
    return {
      datasetRef: `resource:default/${name}`,
      title: name,
      owner: `group:default/team-${index % 40}`,
      engine: index % 2 === 0 ? 'postgres' : 'duckdb',
      state,
      reason: reasons[state],
      wave: index < 10 ? 1 : 2,
      level: index % 3,
      fromVersion: '1.0.0',
      toVersion: state === 'excluded' ? undefined : '2.0.0',
      policy: 'switch',
      changes: state === 'excluded' ? undefined : 1 + (index % 4),
      breaking: state === 'blocked',
      strategy: index % 3 === 0 ? 'metadata-only' : 'shadow-copy',
      rows: 1_000 * (index % 50),
      bytes: 64_000 * (index % 50),
      verdicts:
        state === 'excluded'
          ? undefined
          : {
              ready: index % 4,
              breaks: state === 'blocked' ? 1 : 0,
              unknown: 0,
            },
      blockedBy:
        state === 'blocked' ? ['component:default/delay-dashboard'] : [],
      upstreams: index % 3 === 2 ? [`resource:default/dataset-00000`] : [],
      migrationId: started ? `m${index}` : undefined,
    };
  });
}

export const failureGroups: FailureGroup[] = [
  {
    state: 'blocked',
    stage: 'validate',
    name: 'MigrationError',
    cause: 'Breaking change detected: … reads `…`',
    count: 37,
    latest: [
      {
        migrationId: '01jdq6b2',
        datasetRef: 'resource:default/dataset-00004',
        message: 'Breaking change detected: Delay dashboard reads `amount`',
      },
    ],
  },
  {
    state: 'failed',
    stage: 'transform',
    name: 'InputError',
    cause: '… rows of `…` do not cast to integer',
    count: 12,
    latest: [
      {
        migrationId: '01jdq4c3',
        datasetRef: 'resource:default/dataset-00006',
        message: '3 rows of `amount` do not cast to integer',
      },
      {
        migrationId: '01jdq4c4',
        datasetRef: 'resource:default/dataset-00016',
        message: '1 row of `price` does not cast to integer',
      },
    ],
  },
];

/** A burst that came half an hour ago and is being worked off. */
export function queueHistory(count = 120, hours = 1): QueueSample[] {
  const step = (hours * 3_600) / count;
  return Array.from({ length: count }, (_, index) => {
    const share = index / count;
    const depth = share < 0.5 ? 0 : Math.round(5_000 * (1.1 - share));
    return {
      at: DateTime.now()
        .minus({ seconds: (count - 1 - index) * step })
        .toISO()!,
      depth,
      eligibleBacklog: depth > 0 ? depth + 2_400 : 0,
      oldestAgeSeconds: depth > 0 ? Math.round(240 * (share - 0.45)) : 0,
      running: depth > 0 ? 64 : index % 3,
      workersAlive: depth > 0 ? 16 : 2,
      succeeded: depth > 0 ? 180 + (index % 17) : 1,
      failed: depth > 0 && index % 9 === 0 ? 3 : 0,
    };
  });
}
