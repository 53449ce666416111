import { CustomErrorBase } from '@backstage/errors';

/** Answers that one caller may give within a minute, on all replicas together. */
export const MAX_ANSWERS = 300;

/** Somebody, or rather a script, answers faster than migrations are judged anew. */
export class TooManyAnswersError extends CustomErrorBase {
  name = 'TooManyAnswersError' as const;
  /** Too Many Requests. */
  readonly statusCode = 429;

  constructor(by: string) {
    super(
      `${by} gave ${MAX_ANSWERS} answers within a minute, which is the most: go on in a minute`,
    );
  }
}
