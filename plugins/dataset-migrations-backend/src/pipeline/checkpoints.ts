import { createExtensionPoint } from '@backstage/backend-plugin-api';

/**
 * Called at the named moments of a migration, between two side effects. The
 * job waits for it; what it throws, the job throws.
 *
 * @internal
 */
export type CheckpointHook = (point: {
  /** `<stage>:<moment>`, see {@link checkpointMoments}. */
  name: string;
  migrationId: string;
}) => Promise<void>;

/**
 * The moments at which a {@link CheckpointHook} is called. Every stage, and
 * `cancel`, has `started` and `committed`; those that hold the lease also have
 * `fenced`; the others are named where they happen.
 *
 * @internal
 */
export const checkpointMoments = [
  /** The job was taken, its stage marked as running. */
  'started',
  /** The fence was raised beside the data. */
  'fenced',
  /** `lock`: leftovers of an earlier try are gone. `cancel`: all of it is gone. */
  'abandoned',
  /** `lock`: shadow, flag and checkpoint are there. */
  'prepared',
  /** `transform`: one more chunk is there. */
  'chunk',
  /** `verify`: the report is made. */
  'verified',
  /**
   * `cut-over`, `rollback`, `retire`, and `cancel` that came too late: the store has
   * switched, the plugin does not know yet.
   */
  'switched',
  /** The stage's work is done, its result not yet written. */
  'ended',
  /** The result and the successor job are written. */
  'committed',
] as const;

/** @internal */
export type CheckpointMoment = (typeof checkpointMoments)[number];

/**
 * Lets a harness stop or kill a worker at an exact moment. Nothing else may
 * use it, and without a module that does it costs nothing.
 *
 * @internal
 */
export interface DatasetMigrationsCheckpointsExtensionPoint {
  setHook(hook: CheckpointHook): void;
}

/** @internal */
export const datasetMigrationsCheckpointsExtensionPoint =
  createExtensionPoint<DatasetMigrationsCheckpointsExtensionPoint>({
    id: 'dataset-migrations.checkpoints',
  });
