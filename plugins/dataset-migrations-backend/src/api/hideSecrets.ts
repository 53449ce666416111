import { isError } from '@backstage/errors';
import { ErrorRequestHandler } from 'express';
import { withoutSecrets } from '../secrets/withoutSecrets';

/** What a request failed with is answered and logged by the platform (G10). */
export const hideSecrets: ErrorRequestHandler = (error, _req, _res, next) => {
  hideIn(error);
  next(error);
};

function hideIn(error: unknown, seen = new Set<unknown>()): void {
  if (!isError(error) || seen.has(error)) {
    return;
  }
  seen.add(error);
  for (const key of ['message', 'stack']) {
    const value = error[key];
    if (typeof value === 'string') {
      // Some, as a DOMException, only let it be read.
      Reflect.defineProperty(error, key, {
        value: withoutSecrets(value),
        configurable: true,
        writable: true,
      });
    }
  }
  hideIn(error.cause, seen);
}
