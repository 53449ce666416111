import {
  canTransition,
  MigrationState,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { contract, memoryLocation } from '../__testUtils__/MemoryEngine';
import { MigrationRecord } from '../database/MigrationRecord';
import { settle } from './settle';
import { stageDefinitions, workOf } from './stages';
import { StageOutcome, Work } from './types';

const record = (state: MigrationState, work: Work): MigrationRecord => ({
  id: 'id',
  datasetRef: 'resource:default/flights',
  locationKey: memoryLocation.key,
  location: memoryLocation,
  fromVersion: '1.0.0',
  toVersion: '2.0.0',
  policy: 'coexist',
  state,
  stage: work === 'cancel' ? 'transform' : work,
  sequence: 3,
  timesTold: 0,
  startedBy: 'user:default/amelia',
  sourceContract: contract('1.0.0', ['id', 'delay']),
  targetContract: contract('2.0.0', ['id', 'arrival_delay']),
  plan: {} as MigrationRecord['plan'],
  oldVersionState: work === 'retire' ? 'coexisting' : undefined,
  createdAt: new Date(0),
});

/** The states in which a job can find work of a kind. */
const statesOf = (work: Work): MigrationState[] => {
  const all: MigrationState[] = [
    'queued',
    'running',
    'blocked',
    'cancelling',
    'cancelled',
    'failed',
    'succeeded',
    'rolling-back',
    'rolled-back',
  ];
  return all.filter(state => workOf(record(state, work)) === work);
};

const forward: Work[] = [
  'discover',
  'validate',
  'lock',
  'transform',
  'verify',
  'cut-over',
  'notify',
];

/** Everything that work of a kind can come to, in every state it runs in. */
const cases: Array<[Work, MigrationState, StageOutcome]> = [
  ...forward.flatMap(
    (work): Array<[Work, MigrationState, StageOutcome]> => [
      [work, 'running', { kind: 'next', stage: 'transform' }],
      [work, 'running', { kind: 'again' }],
      [work, 'running', { kind: 'failed', error: new Error('x') }],
      [work, 'queued', { kind: 'failed', error: new Error('dead') }],
      [work, 'queued', { kind: 'again' }],
    ],
  ),
  [
    'validate',
    'running',
    { kind: 'blocked', error: { name: 'B', message: '' } },
  ],
  [
    'cut-over',
    'running',
    { kind: 'blocked', error: { name: 'B', message: '' } },
  ],
  ['notify', 'running', { kind: 'finished', state: 'succeeded' }],
  ['cancel', 'cancelling', { kind: 'finished', state: 'cancelled' }],
  ['cancel', 'cancelling', { kind: 'finished', state: 'succeeded' }],
  ['cancel', 'cancelling', { kind: 'failed', error: new Error('x') }],
  ['rollback', 'rolling-back', { kind: 'finished', state: 'rolled-back' }],
  ['rollback', 'rolling-back', { kind: 'failed', error: new Error('x') }],
  ['rollback', 'rolling-back', { kind: 'again' }],
  [
    'retire',
    'succeeded',
    {
      kind: 'finished',
      state: 'succeeded',
      patch: { oldVersionState: 'retired' },
    },
  ],
  ['retire', 'succeeded', { kind: 'failed', error: new Error('x') }],
];

describe('settle', () => {
  it.each(cases)('%s in %s: %j is in the table', (work, state, outcome) => {
    expect(statesOf(work)).toContain(state);
    const settled = settle(record(state, work), work, outcome, new Date());
    expect(settled.state === state || canTransition(state, settled.state)).toBe(
      true,
    );
    // Work goes on exactly where a job follows.
    const after = {
      ...record(state, work),
      ...settled.patch,
      state: settled.state,
      stage: settled.stage,
      error: settled.patch.error ?? undefined,
    } as MigrationRecord;
    expect(workOf(after) !== undefined).toBe(settled.goesOn);
  });

  it('never puts a secret into what is kept of an error', () => {
    const settled = settle(
      record('running', 'transform'),
      'transform',
      {
        kind: 'failed',
        error: new Error(
          'postgres://skein:hunter2@db/x refused; password=hunter2',
        ),
      },
      new Date(),
    );
    expect(JSON.stringify(settled)).not.toContain('hunter2');
  });

  it('knows a function for every kind of work', () => {
    expect(Object.keys(stageDefinitions).sort()).toEqual(
      [...forward, 'retire', 'rollback', 'cancel'].sort(),
    );
  });
});
