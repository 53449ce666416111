import { SchedulerService } from '@backstage/backend-plugin-api';
import { PipelineDependencies } from '../types';
import { createAskCatalog } from './askCatalog';
import { catchUpWaiting } from './catchUpWaiting';
import { cleanUpLeftovers } from './cleanUpLeftovers';
import { finishSwitched } from './finishSwitched';
import { reconsiderBlocked } from './reconsiderBlocked';
import { remindConsumers } from './remindConsumers';
import { requeueOrphans } from './requeueOrphans';
import { retireOldVersions } from './retireOldVersions';
import { tellDigests } from './tellDigests';

/**
 * What runs by the clock, in one process at a time: catches what no event and
 * no job brought.
 */
export async function scheduleUpkeep(
  deps: PipelineDependencies,
  scheduler: SchedulerService,
): Promise<void> {
  await scheduler.scheduleTask({
    id: 'dataset-migrations:requeue-orphans',
    frequency: { seconds: 30 },
    timeout: { minutes: 5 },
    initialDelay: { seconds: 10 },
    fn: () => requeueOrphans(deps),
  });
  await scheduler.scheduleTask({
    id: 'dataset-migrations:resume-deliveries',
    frequency: { minutes: 1 },
    timeout: { minutes: 5 },
    initialDelay: { seconds: 20 },
    fn: () => deps.outbox.resumeStalled(),
  });
  await scheduler.scheduleTask({
    id: 'dataset-migrations:finish-switched',
    frequency: { minutes: 1 },
    timeout: { minutes: 5 },
    initialDelay: { seconds: 30 },
    fn: signal => finishSwitched(deps, signal),
  });
  await scheduler.scheduleTask({
    id: 'dataset-migrations:reconsider-blocked',
    frequency: { minutes: 5 },
    timeout: { minutes: 15 },
    initialDelay: { minutes: 1 },
    fn: () => reconsiderBlocked(deps),
  });
  await scheduler.scheduleTask({
    id: 'dataset-migrations:ask-catalog',
    frequency: { seconds: 20 },
    timeout: { minutes: 5 },
    initialDelay: { seconds: 20 },
    fn: createAskCatalog(deps),
  });
  await scheduler.scheduleTask({
    id: 'dataset-migrations:catch-up-waiting',
    frequency: { minutes: 1 },
    timeout: { minutes: 30 },
    initialDelay: { seconds: 30 },
    fn: signal => catchUpWaiting(deps, signal),
  });
  await scheduler.scheduleTask({
    id: 'dataset-migrations:remind-consumers',
    frequency: { hours: 1 },
    timeout: { minutes: 30 },
    initialDelay: { minutes: 2 },
    fn: signal => remindConsumers(deps, signal),
  });
  if (deps.digestEverySeconds !== undefined) {
    const { digestEverySeconds } = deps;
    await scheduler.scheduleTask({
      id: 'dataset-migrations:tell-digests',
      frequency: { minutes: 15 },
      timeout: { hours: 1 },
      initialDelay: { minutes: 5 },
      fn: signal => tellDigests(deps, digestEverySeconds, signal),
    });
  }
  await scheduler.scheduleTask({
    id: 'dataset-migrations:retire-old-versions',
    frequency: { hours: 1 },
    timeout: { minutes: 15 },
    initialDelay: { minutes: 5 },
    fn: () => retireOldVersions(deps),
  });
  await scheduler.scheduleTask({
    id: 'dataset-migrations:clean-up',
    frequency: { hours: 1 },
    timeout: { hours: 1 },
    initialDelay: { minutes: 5 },
    fn: signal => cleanUpLeftovers(deps, signal),
  });
}
