import { MigrationState } from './types';

/**
 * Every allowed transition of a migration: the backend enforces this table and
 * the UI draws it. A state without successors is final.
 *
 * @public
 */
export const migrationTransitions: Readonly<
  Record<MigrationState, readonly MigrationState[]>
> = {
  queued: ['running', 'cancelling', 'failed'],
  running: ['blocked', 'cancelling', 'failed', 'succeeded'],
  blocked: ['queued', 'cancelling'],
  cancelling: ['cancelled', 'failed', 'succeeded'],
  cancelled: [],
  failed: ['queued', 'cancelling'],
  succeeded: ['rolling-back'],
  'rolling-back': ['rolled-back', 'succeeded'],
  'rolled-back': [],
};

/**
 * States in which a migration holds its dataset: at most one per dataset and
 * per physical location is in one of them (G1).
 *
 * @public
 */
export const activeMigrationStates: readonly MigrationState[] = [
  'queued',
  'running',
  'blocked',
  'cancelling',
  'rolling-back',
];

/** @public */
export function isActive(state: MigrationState): boolean {
  return activeMigrationStates.includes(state);
}

/** @public */
export function canTransition(
  from: MigrationState,
  to: MigrationState,
): boolean {
  return migrationTransitions[from].includes(to);
}
