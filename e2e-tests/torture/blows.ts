import { sample } from '../lib/random';

/** What is killed, and when: after a share of the usual time, or at a point. */
export type Blow = {
  victim: 'worker' | 'PostgreSQL';
} & ({ fraction: number } | { point: string; skip: number });

/** From so many rounds on every point is tried, below a sample of as many. */
export const THOROUGH = 20;

/**
 * The boundaries of the stages, and between two side effects of theirs, as
 * checkpointMoments of the backend names them. What happens inside an engine's
 * call is cut by the random moments, and step by step by the engines'
 * conformance kit.
 */
const POINTS: readonly string[] = [
  ...[
    'discover',
    'validate',
    'lock',
    'transform',
    'verify',
    'cut-over',
    'notify',
    'rollback',
  ].flatMap(stage => [
    `${stage}:started`,
    `${stage}:ended`,
    `${stage}:committed`,
  ]),
  ...['lock', 'transform', 'verify', 'cut-over', 'rollback'].map(
    stage => `${stage}:fenced`,
  ),
  'lock:prepared',
  'transform:chunk',
  'verify:verified',
  'cut-over:switched',
  'rollback:switched',
  'cancel:started',
  'cancel:abandoned',
  'cancel:committed',
];

const RETIREMENT: readonly string[] = [
  'retire:started',
  'retire:fenced',
  'retire:switched',
  'retire:ended',
  'retire:committed',
];

const victims = ['worker', 'PostgreSQL'] as const;

/**
 * Blows at random moments and at points, on workers and on PostgreSQL. The last
 * one falls on a retirement, from which no way leads back to another blow.
 */
export function drawBlows(rounds: number, random: () => number): Blow[] {
  const blows = victims.flatMap(victim => {
    const moments = Array.from({ length: rounds }, () => ({
      victim,
      fraction: random(),
    }));
    const points =
      rounds < THOROUGH ? sample([...POINTS], rounds, random) : POINTS;
    return [
      ...moments,
      ...points.map(point => ({
        victim,
        point,
        skip: point === 'transform:chunk' ? Math.floor(random() * 5) : 0,
      })),
    ];
  });
  const [victim] = sample([...victims], 1, random);
  const [point] = sample([...RETIREMENT], 1, random);
  return [...blows, { victim, point, skip: 0 }];
}

export function describeBlow(blow: Blow): string {
  return 'point' in blow
    ? `${blow.victim} killed at ${blow.point}`
    : `${blow.victim} killed at a moment (${blow.fraction.toFixed(3)})`;
}
