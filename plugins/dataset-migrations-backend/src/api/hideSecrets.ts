import { isError } from '@backstage/errors';
import { ErrorRequestHandler } from 'express';
import { withoutSecrets } from '../secrets/withoutSecrets';

/** What a request failed with is answered and logged by the platform (G10). */
export const hideSecrets: ErrorRequestHandler = (error, _req, _res, next) => {
  hideIn(error);
  next(error);
};

function hideIn(error: unknown): void {
  if (isError(error)) {
    error.message = withoutSecrets(error.message);
    error.stack = error.stack && withoutSecrets(error.stack);
    hideIn(error.cause);
  }
}
