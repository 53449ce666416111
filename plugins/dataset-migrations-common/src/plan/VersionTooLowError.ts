import { InputError } from '@backstage/errors';
import { VersionBump } from './types';

/**
 * The number of the new version promises more than its changes keep. Carries
 * the one to give it instead; the API answers with both fields in `error`. Its
 * `name` stays `InputError`, so that it answers 400.
 *
 * @public
 */
export class VersionTooLowError extends InputError {
  constructor(
    message: string,
    /**
     * The lowest version that the changes may have; after a prerelease its release,
     * up to which anything may change.
     */
    readonly lowestVersion: string,
    /** What the changes need since the old version. */
    readonly requiredBump: VersionBump,
  ) {
    super(message);
  }
}
