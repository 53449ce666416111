import { ThrottleLimits } from './Limits';
import { Load } from './readLoad';

/** Whether too many sessions are at work on the server, as a sentence. */
export function activeSessions(
  load: Load,
  limits: ThrottleLimits,
): string | undefined {
  const limit = limits.activeSessions ?? Infinity;
  return load.activeSessions > limit
    ? `${load.activeSessions} sessions are active on the server, more than ${limit}`
    : undefined;
}
