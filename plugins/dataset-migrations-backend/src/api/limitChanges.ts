import { ErrorRequestHandler, RequestHandler } from 'express';
import { TooManyRequestsError } from '../limits/TooManyRequestsError';
import { ApiContext, callerOf } from './ApiContext';

/** Requests that change nothing. */
const readOnly = ['GET', 'HEAD', 'OPTIONS'];

/** Reports of runs have a count of their own: they come from programs, all day. */
const lineage = /^\/consumers\/.+\/lineage$/;

/** Refuses requests beyond the limit of their caller. */
export function limitChanges(context: ApiContext): RequestHandler {
  const { changeLimit, initiators } = context;
  return (request, _response, next) => {
    if (readOnly.includes(request.method)) {
      next();
      return;
    }
    const about = lineage.test(request.path) ? 'runs' : undefined;
    callerOf(context, request)
      .then(caller => changeLimit.count(initiators.subjectOf(caller), about))
      .then(() => next(), next);
  };
}

/** Tells those who asked for too much when to go on. */
export const tellWhenToGoOn: ErrorRequestHandler = (
  error,
  _request,
  response,
  next,
) => {
  if (error instanceof TooManyRequestsError) {
    response.set('Retry-After', String(error.retryAfter));
  }
  next(error);
};
