import { CustomErrorBase, InputError } from '@backstage/errors';
import { Config } from '@backstage/config';
import { rateLimit } from 'express-rate-limit';
import { RequestHandler } from 'express';
import { ApiContext, callerOf } from './ApiContext';

const KEY = 'datasetMigrations.rateLimit.changesPerMinute';

/** Who changes things all day does not get there; a script that runs wild does. */
const CHANGES_PER_MINUTE = 600;

const WINDOW_MS = 60_000;

/** Requests that change nothing. */
const readOnly = ['GET', 'HEAD', 'OPTIONS'];

/** A caller changes more than anybody could mean to. */
class TooManyChangesError extends CustomErrorBase {
  name = 'TooManyChangesError' as const;
  /** Too Many Requests. */
  readonly statusCode = 429;
}

/**
 * How many requests other than reads a caller may make within a minute.
 *
 * @throws InputError naming the key and the value that cannot be used
 */
export function readChangesPerMinute(config: Config): number {
  const limit = config.getOptionalNumber(KEY) ?? CHANGES_PER_MINUTE;
  if (!Number.isInteger(limit) || limit < 1) {
    throw new InputError(
      `${KEY} must be a whole number of at least 1, not ${limit}`,
    );
  }
  return limit;
}

/**
 * Refuses requests that change something, or have something computed, beyond the
 * limit of their caller, whom it tells by `Retry-After` when to go on. Each replica
 * counts for itself.
 */
export function limitChanges(
  context: ApiContext,
  changesPerMinute: number,
): RequestHandler {
  const whose = async (request: Parameters<RequestHandler>[0]) =>
    context.initiators.subjectOf(await callerOf(context, request));
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: changesPerMinute,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    skip: ({ method }) => readOnly.includes(method),
    keyGenerator: whose,
    handler: (request, _response, next) => {
      whose(request).then(
        caller =>
          next(
            new TooManyChangesError(
              `${caller} made more than ${changesPerMinute} requests within a minute that change something; go on in a minute`,
            ),
          ),
        next,
      );
    },
  });
}
