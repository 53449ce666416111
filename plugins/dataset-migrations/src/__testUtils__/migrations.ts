import {
  Delivery,
  Migration,
  MigrationEvent,
  Stage,
  StageRecord,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { DateTime } from 'luxon';
import { flightConsumers } from './consumers';
import {
  FLIGHTS,
  flightChanges,
  flightEnginePlan,
  flightSteps,
  flightTablePlan,
} from './flights';

const stages: Stage[] = [
  'discover',
  'validate',
  'lock',
  'transform',
  'verify',
  'cut-over',
  'notify',
];
const stageSeconds = [0.4, 1.1, 0.1, 7.2, 4.9, 0.3, 0.6];

/** Some seconds ago, as the API writes it. */
export function ago(seconds: number): string {
  return DateTime.now().minus({ seconds }).toUTC().toISO()!;
}

/** All stages before one are through, that one is in `state`, later ones wait. */
export function stagesUpTo(
  current: Stage | undefined,
  state: StageRecord['state'],
  startedSecondsAgo = 30,
): StageRecord[] {
  const position = current ? stages.indexOf(current) : stages.length;
  let at = startedSecondsAgo;
  return stages.map((stage, index) => {
    if (index > position) {
      return { stage, state: 'pending', attempts: 0 };
    }
    const startedAt = ago(at);
    at -= stageSeconds[index];
    const open = index === position && state === 'running';
    return {
      stage,
      state: index === position ? state : 'succeeded',
      startedAt,
      finishedAt: open ? undefined : ago(at),
      attempts: 1,
    };
  });
}

export function flightsMigration(
  overrides: Partial<Migration> = {},
): Migration {
  return {
    id: '01jdq7f3',
    datasetRef: FLIGHTS,
    fromVersion: '1.0.0',
    toVersion: '2.0.0',
    policy: 'switch',
    state: 'running',
    stage: 'transform',
    startedBy: 'user:default/amelia',
    createdAt: ago(32),
    startedAt: ago(30),
    progress: {
      rowsDone: 1_240_000,
      rowsTotal: 3_000_000,
      chunksDone: 12,
      chunksTotal: 30,
      rowsPerSecond: 412_345,
      secondsLeft: 4.3,
    },
    stages: stagesUpTo('transform', 'running'),
    steps: flightSteps,
    changes: flightChanges,
    consumers: flightConsumers.filter(item => !item.blocking),
    enginePlan: flightEnginePlan,
    actions: ['cancel'],
    ...overrides,
  };
}

/** A table that is written to while it is migrated, on a busy server. */
export function busyMigration(overrides: Partial<Migration> = {}): Migration {
  return flightsMigration({
    id: '01jdq8e5',
    enginePlan: flightTablePlan,
    progress: {
      rowsDone: 42_000_000,
      rowsTotal: 42_000_000,
      chunksDone: 420,
      rowsPerSecond: 161_538,
      activity: 'catching-up',
      changesWaiting: 1_204,
      throttledBy: 'the replica `standby-2` is 3 s behind',
    },
    ...overrides,
  });
}

const checksum = '5f0c1e9a7d3b42688e1f90ab34cd77e2';

export const verificationOk: VerificationReport = {
  ok: true,
  sourceRows: 3_000_000,
  targetRows: 3_000_000,
  sourceChecksum: checksum,
  targetChecksum: checksum,
  columns: [
    'date',
    'arrival_delay',
    'distance',
    'origin',
    'destination',
    'route',
  ].map(name => ({ name, ok: true })),
  mismatches: [],
  contractChecks: [
    { rule: 'required', field: 'date', ok: true, violations: 0 },
    { rule: 'at most 7 characters', field: 'route', ok: true, violations: 0 },
  ],
  seconds: 4.9,
};

export const verificationFailed: VerificationReport = {
  ...verificationOk,
  ok: false,
  targetRows: 2_999_999,
  targetChecksum: '81d2aa04c5b9470f9a3e66d0127bfc15',
  columns: verificationOk.columns.map(({ name }) => ({
    name,
    ok: name !== 'distance',
  })),
  mismatches: [
    {
      ranges: [],
      message: '3,000,000 rows in the source, 2,999,999 in the target',
    },
    {
      column: 'distance',
      ranges: ['part 12, rows 1200..1299'],
      message: 'the digests differ',
    },
  ],
  contractChecks: [
    { rule: 'required', field: 'date', ok: true, violations: 0 },
    { rule: 'required', field: 'distance', ok: false, violations: 1 },
    { rule: 'primaryKey', field: 'date, origin', ok: true, violations: 0 },
  ],
};

export function succeededMigration(
  overrides: Partial<Migration> = {},
): Migration {
  return flightsMigration({
    id: '01jdq5a1',
    state: 'succeeded',
    stage: undefined,
    createdAt: ago(3_632),
    startedAt: ago(3_630),
    finishedAt: ago(3_615),
    stages: stagesUpTo(undefined, 'succeeded', 3_630),
    progress: {
      rowsDone: 3_000_000,
      rowsTotal: 3_000_000,
      chunksDone: 30,
      chunksTotal: 30,
      rowsPerSecond: 416_700,
    },
    verification: verificationOk,
    actions: ['rollback'],
    rollbackUntil: DateTime.now().plus({ days: 7 }).toISO()!,
    ...overrides,
  });
}

export function blockedMigration(
  overrides: Partial<Migration> = {},
): Migration {
  return flightsMigration({
    id: '01jdq6b2',
    state: 'blocked',
    stage: 'validate',
    progress: undefined,
    stages: stagesUpTo('validate', 'running', 90),
    consumers: flightConsumers,
    error: {
      name: 'MigrationError',
      message: 'Breaking change detected: 3 consumers would break with 2.0.0',
      stage: 'validate',
    },
    actions: ['cancel', 'override', 'coexist'],
    ...overrides,
  });
}

export function failedMigration(overrides: Partial<Migration> = {}): Migration {
  return flightsMigration({
    id: '01jdq4c3',
    state: 'failed',
    stage: 'verify',
    createdAt: ago(7_232),
    startedAt: ago(7_230),
    finishedAt: ago(7_210),
    stages: stagesUpTo('verify', 'failed', 7_230),
    verification: verificationFailed,
    error: {
      name: 'VerificationError',
      message:
        'Source and target differ in `distance`. Nothing was switched; the live data is untouched.',
      stage: 'verify',
    },
    actions: ['retry', 'cancel'],
    ...overrides,
  });
}

const lines: Array<[Stage, MigrationEvent['level'], string]> = [
  ['discover', 'info', 'Found 12 consumers in the catalog'],
  ['validate', 'info', 'Plan of 4 steps, 2 breaking changes, as documented'],
  ['validate', 'warn', 'Nightly export declares neither versions nor fields'],
  ['lock', 'info', 'Took the lease with token 7'],
];

/** The log up to some chunk of the transformation. */
export function flightEvents(chunks: number): MigrationEvent[] {
  const copied = Array.from({ length: chunks }, (_, index) => [
    'transform',
    'info',
    `Chunk ${index + 1} of 30 written`,
  ]) as typeof lines;
  const all = [...lines, ...copied];
  return all.map(([stage, level, message], index) => ({
    id: String(index),
    at: ago((all.length - index) * 0.24),
    level,
    stage,
    message,
    ...(stage === 'transform' ? { data: { rows: 100_000 } } : {}),
  }));
}

/** What two owners were told when a campaign had finished. */
export const campaignDeliveries: Delivery[] = [
  {
    id: 'd4',
    campaignId: '01camp4',
    consumerRef: 'group:default/flight-data',
    kind: 'notification',
    eventType: 'dev.skein.dataset-campaign.finished',
    target: 'group:default/flight-data',
    state: 'delivered',
    attempts: 1,
    createdAt: ago(60),
    deliveredAt: ago(59),
  },
  {
    id: 'd5',
    campaignId: '01camp4',
    consumerRef: 'group:default/geo-data',
    kind: 'notification',
    eventType: 'dev.skein.dataset-campaign.finished',
    target: 'group:default/geo-data',
    state: 'dead',
    attempts: 8,
    lastError: 'Request failed with status 503',
    createdAt: ago(60),
  },
];

export const flightDeliveries: Delivery[] = [
  {
    id: 'd1',
    migrationId: '01jdq5a1',
    datasetRef: FLIGHTS,
    consumerRef: 'component:default/delay-dashboard',
    kind: 'webhook',
    eventType: 'org.skein.dataset.version.published',
    target: 'https://delays.example.com/hooks/datasets',
    state: 'delivered',
    attempts: 1,
    lastStatus: 204,
    createdAt: ago(3_616),
    deliveredAt: ago(3_615),
  },
  {
    id: 'd2',
    migrationId: '01jdq5a1',
    datasetRef: FLIGHTS,
    consumerRef: 'component:default/partner-feed',
    kind: 'webhook',
    eventType: 'org.skein.dataset.version.published',
    target: 'https://partners.example.com/callbacks',
    state: 'dead',
    attempts: 8,
    lastStatus: 503,
    lastError: 'Service Unavailable',
    createdAt: ago(3_616),
  },
  {
    id: 'd3',
    migrationId: '01jdq5a1',
    datasetRef: FLIGHTS,
    consumerRef: 'component:default/gate-screens',
    kind: 'webhook',
    eventType: 'org.skein.dataset.version.published',
    target: 'https://gates.example.com/hook',
    state: 'pending',
    attempts: 3,
    lastError: 'connect ECONNREFUSED',
    createdAt: ago(3_616),
    nextAttemptAt: DateTime.now().plus({ seconds: 40 }).toISO()!,
  },
];
