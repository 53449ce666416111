import { CustomErrorBase } from '@backstage/errors';

/**
 * The migration went on without this caller: another job, or a person, changed
 * it since it was read. A job that sees it ends without a word.
 */
export class SupersededError extends CustomErrorBase {
  name = 'SupersededError' as const;
}
