import { RequestHandler } from 'express';
import { TooManyRequestsError } from '../limits/TooManyRequestsError';
import { ApiContext, callerOf } from './ApiContext';

/** Requests that change nothing. */
const readOnly = ['GET', 'HEAD', 'OPTIONS'];

/** A service reports the runs of many consumers; each has a count of its own. */
const lineage = /^\/consumers\/.+\/lineage$/;

/**
 * Refuses requests beyond the limit of their caller, whom it tells by `Retry-After`
 * when to go on.
 */
export function limitChanges(context: ApiContext): RequestHandler {
  const { changeLimit, initiators } = context;
  return (request, response, next) => {
    if (readOnly.includes(request.method)) {
      next();
      return;
    }
    const about = lineage.test(request.path) ? request.path : undefined;
    callerOf(context, request)
      .then(caller => changeLimit.count(initiators.subjectOf(caller), about))
      .then(
        () => next(),
        error => {
          if (error instanceof TooManyRequestsError) {
            response.set('Retry-After', String(error.retryAfter));
          }
          next(error);
        },
      );
  };
}
