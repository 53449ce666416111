import { InputError } from '@backstage/errors';
import { JobPayload } from './types';

/** Before this release all tasks shared it; it is drained, and filled no more. */
export const EARLIER_QUEUE = 'dataset-migrations';

/** Where jobs end whose retries are used up. */
export const DEAD_QUEUE = 'dataset-migrations-dead';

export type Task = JobPayload['task'];

/** Tasks that touch data, and so have a queue for each engine. */
const TASKS_OF_ENGINES: Task[] = ['advance', 'preflight'];

/** Every task there is; a job of another one is left to a later release. */
export const TASKS: Task[] = [...TASKS_OF_ENGINES, 'deliver'];

/**
 * The queue of a task: `dataset-migrations-advance-postgres`,
 * `dataset-migrations-deliver`.
 *
 * @throws InputError when the task needs an engine and there is none, or one
 *   that cannot be part of a name
 */
export function queueName(task: Task, engine?: string): string {
  if (!TASKS_OF_ENGINES.includes(task)) {
    return `${EARLIER_QUEUE}-${task}`;
  }
  if (engine === undefined || !/^[\w.-]{1,100}$/.test(engine)) {
    throw new InputError(
      `A job '${task}' needs the id of an engine, of letters, digits, '.', '_' and '-', not '${engine}'`,
    );
  }
  return `${EARLIER_QUEUE}-${task}-${engine}`;
}
