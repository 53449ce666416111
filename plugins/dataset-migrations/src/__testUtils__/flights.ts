import {
  Change,
  Dataset,
  EnginePlanSummary,
  Field,
  MigrationStep,
  PlanResponse,
  PreviewResponse,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { flightConsumers } from './consumers';

export const FLIGHTS = 'resource:default/flights';

/** The dataset of 3 million flights, before its first migration. */
export function flightsDataset(overrides: Partial<Dataset> = {}): Dataset {
  return {
    entityRef: FLIGHTS,
    title: 'Flights',
    description: 'Departures, delays and distances of US flights',
    owner: 'group:default/flight-data',
    system: 'system:default/aviation',
    engine: 'duckdb',
    currentVersion: '1.0.0',
    nextVersion: '2.0.0',
    versions: [
      { version: '1.0.0', state: 'current', status: 'active' },
      { version: '2.0.0', state: 'proposed', status: 'proposed' },
      { version: '3.0.0', state: 'proposed', status: 'draft' },
    ],
    consumerCount: flightConsumers.length,
    problems: [],
    contracts: [],
    recordedVersion: '1.0.0',
    ...overrides,
  };
}

export const flightChanges: Change[] = [
  {
    kind: 'field-renamed',
    from: 'delay',
    to: 'arrival_delay',
    effect: 'breaking',
    summary: 'renamed to `arrival_delay`',
  },
  {
    kind: 'type-changed',
    from: 'distance',
    to: 'distance',
    effect: 'compatible',
    summary: 'widened from 16-bit integer to 32-bit integer',
    oldType: { kind: 'integer', bits: 16 },
    newType: { kind: 'integer', bits: 32 },
  },
  {
    kind: 'field-added',
    to: 'route',
    effect: 'compatible',
    summary: "derived as `origin || '-' || destination`",
    newType: { kind: 'string', maxLength: 7 },
  },
  {
    kind: 'field-dropped',
    from: 'crew_contact',
    effect: 'breaking',
    summary: 'dropped',
    oldType: { kind: 'string' },
  },
];

export const flightSteps: MigrationStep[] = [
  { agent: 'rename-field', payload: { from: 'delay', to: 'arrival_delay' } },
  {
    agent: 'cast-type',
    payload: { field: 'distance', onFailure: 'refuse' },
  },
  {
    agent: 'derive-field',
    payload: { field: 'route', expression: "origin || '-' || destination" },
  },
  { agent: 'drop-field', payload: { field: 'crew_contact' } },
];

export const flightEnginePlan: EnginePlanSummary = {
  engine: 'duckdb',
  strategy: 'shadow-copy',
  rows: 3_000_000,
  bytes: 48_213_000,
  chunks: 30,
  seconds: 12,
  diskBytes: 60_000_000,
  notes: ['Readers keep the manifest they resolved and notice nothing.'],
  refusals: [],
};

/** What a table says of the same plan, with what it locks. */
export const flightTablePlan: EnginePlanSummary = {
  ...flightEnginePlan,
  engine: 'postgres',
  rows: 42_000_000,
  bytes: 5_400_000_000,
  chunks: 420,
  seconds: 260,
  diskBytes: 6_100_000_000,
  locks: [
    {
      relation: 'public.flights',
      mode: 'SHARE ROW EXCLUSIVE',
      during: 'prepare',
      heldMs: 12,
    },
    {
      relation: 'public.flights',
      mode: 'ACCESS EXCLUSIVE',
      during: 'cut over',
      heldMs: 1_500,
    },
  ],
  notes: [
    'What is written to `public.flights` meanwhile is brought over.',
    'The index `flights_delay_idx` is built anew.',
  ],
};

function field(name: string, type: Field['type'], required = false): Field {
  return { name, type, required, unique: false };
}

export function flightsPlan(
  overrides: Partial<PlanResponse> = {},
): PlanResponse {
  const consumers = overrides.consumers ?? flightConsumers;
  return {
    datasetRef: FLIGHTS,
    fromVersion: '1.0.0',
    toVersion: '2.0.0',
    steps: flightSteps,
    stepsFrom: 'document',
    changes: flightChanges,
    source: [
      field('date', { kind: 'timestamp', zone: false }),
      field('delay', { kind: 'integer', bits: 32 }),
      field('distance', { kind: 'integer', bits: 16 }, true),
      field('crew_contact', { kind: 'string' }),
    ],
    target: [
      field('date', { kind: 'timestamp', zone: false }),
      field('arrival_delay', { kind: 'integer', bits: 32 }),
      field('distance', { kind: 'integer', bits: 32 }, true),
      field('route', { kind: 'string', maxLength: 7 }),
    ],
    breaking: true,
    requiredBump: 'major',
    rollbackSeconds: 7 * 24 * 3600,
    consumers,
    blockingCount: consumers.filter(item => item.blocking).length,
    enginePlan: flightEnginePlan,
    proposedPolicy: 'coexist',
    ...overrides,
  };
}

const airports = ['SEA', 'BUR', 'ONT', 'SMF', 'LAX', 'OAK', 'PHX', 'LAS'];

/** Eight rows with a masked column and a NULL. */
export const flightsPreview: PreviewResponse = {
  columnsBefore: [
    'date',
    'delay',
    'distance',
    'origin',
    'destination',
    'crew_contact',
  ],
  columnsAfter: [
    'date',
    'arrival_delay',
    'distance',
    'origin',
    'destination',
    'route',
  ],
  before: airports.map((origin, row) => [
    `2001-01-0${row + 1} 0${row}:15:00`,
    row === 3 ? null : String(row * 7 - 9),
    String(480 + row * 31),
    origin,
    airports[(row + 3) % airports.length],
    null,
  ]),
  after: airports.map((origin, row) => [
    `2001-01-0${row + 1} 0${row}:15:00`,
    row === 3 ? null : String(row * 7 - 9),
    String(480 + row * 31),
    origin,
    airports[(row + 3) % airports.length],
    `${origin}-${airports[(row + 3) % airports.length]}`,
  ]),
  maskedBefore: ['crew_contact'],
  maskedAfter: [],
};
