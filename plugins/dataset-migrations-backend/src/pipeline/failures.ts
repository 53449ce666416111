import {
  MigrationError,
  Stage,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { withoutSecrets } from '../secrets/withoutSecrets';

/**
 * Errors that the next try would meet again: the migration fails. All others
 * (lost connections, full disks, bugs of a moment) are left to the queue, which
 * tries again with backoff.
 */
const permanent: readonly string[] = [
  'InputError',
  'ProposalError',
  'NotAllowedError',
  'NotFoundError',
  'ConflictError',
  'NotImplementedError',
  'VerificationError',
  'SourceChangedError',
];

/** What a migration fails with whose job was tried often enough. */
export const RETRIES_EXHAUSTED = 'RetriesExhaustedError';

export function isPermanent(error: Error): boolean {
  return permanent.includes(error.name);
}

/** What is kept of an error: no secret that a driver may have put in (G10). */
export function toMigrationError(
  error: { name: string; message: string },
  stage: Stage | undefined,
): MigrationError {
  return { name: error.name, message: withoutSecrets(error.message), stage };
}
