import { DefaultSchedulerService } from '@backstage/backend-defaults/scheduler';
import {
  coreServices,
  createServiceFactory,
  ServiceFactory,
} from '@backstage/backend-plugin-api';
import { metricsServiceRef } from '@backstage/backend-plugin-api/alpha';

/** The real scheduler, whose tasks a test may also run when it wants to. */
export class TestScheduler {
  private readonly tasks = new Map<string, () => Promise<void>>();

  /** What a backend takes as its scheduler. */
  get factory(): ServiceFactory {
    const { tasks } = this;
    return createServiceFactory({
      service: coreServices.scheduler,
      deps: {
        database: coreServices.database,
        httpRouter: coreServices.httpRouter,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        pluginMetadata: coreServices.pluginMetadata,
        rootLifecycle: coreServices.rootLifecycle,
      },
      factory(deps) {
        const scheduler = DefaultSchedulerService.create(deps);
        return {
          triggerTask: id => scheduler.triggerTask(id),
          getScheduledTasks: () => scheduler.getScheduledTasks(),
          createScheduledTaskRunner: schedule =>
            scheduler.createScheduledTaskRunner(schedule),
          cancelTask: id => scheduler.cancelTask(id),
          scheduleTask(task) {
            const fn = oneAtATime(task.fn);
            tasks.set(task.id, () => fn(new AbortController().signal));
            return scheduler.scheduleTask({ ...task, fn });
          },
        };
      },
    });
  }

  /** Runs a scheduled task now, or when the run that is under way has ended. */
  async run(id: string): Promise<void> {
    const task = this.tasks.get(id);
    if (!task) {
      throw new Error(
        `There is no task ${id}, but ${[...this.tasks.keys()].join(', ')}`,
      );
    }
    await task();
  }
}

/** As the scheduler has it for all processes. */
function oneAtATime(fn: (signal: AbortSignal) => void | Promise<void>) {
  let last: Promise<void> = Promise.resolve();
  return (signal: AbortSignal): Promise<void> => {
    const run = last.catch(() => {}).then(() => fn(signal));
    last = run;
    return run;
  };
}
