import { JobInsert } from 'pg-boss';
import { RetryPolicy } from './settings';
import { withTrace } from './trace';
import { EnqueueOptions, JobPayload } from './types';

/** A job as the library inserts it, in the trace of the caller. */
export function toJobInsert(
  payload: JobPayload,
  options: EnqueueOptions,
  retry: RetryPolicy,
): JobInsert<JobPayload> {
  return {
    data: withTrace(payload),
    singletonKey: options.key,
    startAfter: options.startAfterSeconds ?? 0,
    priority: options.priority ?? 0,
    retryLimit: retry.limit,
    ...(retry.delay > 0 && {
      retryDelay: retry.delay,
      retryDelayMax: retry.maxDelay,
      retryBackoff: true,
    }),
  };
}
