/**
 * The stages of a migration in their order. `retire` runs on its own schedule,
 * `rollback` on request.
 *
 * @public
 */
export type Stage =
  | 'discover'
  | 'validate'
  | 'lock'
  | 'transform'
  | 'verify'
  | 'cut-over'
  | 'notify'
  | 'retire'
  | 'rollback';

/** @public */
export type MigrationState =
  | 'queued'
  | 'running'
  | 'blocked'
  | 'cancelling'
  | 'cancelled'
  | 'failed'
  | 'rolling-back'
  | 'rolled-back'
  | 'succeeded';
