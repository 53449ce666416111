import { ThrottleLimits } from './Limits';
import { Load } from './readLoad';

/** Whether too many sessions wait for a lock of the table, as a sentence. */
export function lockQueue(
  load: Load,
  { lockWaiters }: ThrottleLimits,
): string | undefined {
  return load.lockWaiters > lockWaiters
    ? `${load.lockWaiters} sessions wait for a lock of the table, more than ${lockWaiters}`
    : undefined;
}
