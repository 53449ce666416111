import { InputError } from '@backstage/errors';
import { MigrationDocument } from './types';

/**
 * The steps cannot be derived from the two contracts without guessing. Carries
 * a document for the owner to check, correct and commit; it is never run as
 * it is. Its `name` stays `InputError`, so that it answers 400.
 *
 * @public
 */
export class ProposalError extends InputError {
  constructor(
    message: string,
    readonly proposal: MigrationDocument,
    /** The proposal as YAML, with a comment on everything to decide. */
    readonly proposalYaml: string,
  ) {
    super(message);
  }
}
