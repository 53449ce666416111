import { LoggerService, SchedulerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { removeExpired } from './removeExpired';
import { RetentionSettings } from './settings';

/** Removes by the clock, in one process at a time, what is kept no longer. */
export async function scheduleRetention(
  deps: { knex: Knex; logger: LoggerService; scheduler: SchedulerService },
  settings: RetentionSettings,
): Promise<void> {
  await deps.scheduler.scheduleTask({
    id: 'dataset-migrations:retention',
    frequency: { hours: 1 },
    timeout: { hours: 1 },
    initialDelay: { minutes: 10 },
    fn: signal => removeExpired(deps, settings, signal),
  });
}
