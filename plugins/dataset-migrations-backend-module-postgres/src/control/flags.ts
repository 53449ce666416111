import { randomBytes } from 'crypto';
import { RunContext } from '../RunContext';
import { RunState } from './runs';

type Watched = Pick<RunState, 'watch'>;

/**
 * What the flags of a run begin with, never twice the same: a transaction with
 * an older snapshot still sees the flags of an earlier try after they are
 * deleted, and would take its own write for noted (G9).
 */
export function newWatch({ id }: RunContext): string {
  return `${id}_${randomBytes(6).toString('hex')}`;
}

/** Flag of writes to the old version, from `prepare` on. */
export function sourceFlag({ watch }: Watched): string {
  return `${watch}_source`;
}

/** Flag of writes to the new version, from its publication on. */
export function targetFlag({ watch }: Watched): string {
  return `${watch}_target`;
}
