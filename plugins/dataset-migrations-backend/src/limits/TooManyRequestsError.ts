import { CustomErrorBase } from '@backstage/errors';

/** A caller, or rather a script, asks for more than anybody could mean to. */
export class TooManyRequestsError extends CustomErrorBase {
  name = 'TooManyRequestsError' as const;
  readonly statusCode = 429;

  /**
   * @param what - a clause that says who did how much
   * @param retryAfter - seconds until there is room again
   */
  constructor(what: string, readonly retryAfter: number) {
    super(`${what}, which is the most: go on in ${retryAfter} s`);
  }
}
