import { MigrationRecord } from '../database/MigrationRecord';

/** Whether a job takes its old version away; one that was refused has none until the upkeep or a person asks again. */
export function isRetiring(
  record: Pick<
    MigrationRecord,
    'state' | 'stage' | 'oldVersionState' | 'error'
  >,
): boolean {
  return (
    record.state === 'succeeded' &&
    record.stage === 'retire' &&
    record.oldVersionState === 'coexisting' &&
    record.error === undefined
  );
}
