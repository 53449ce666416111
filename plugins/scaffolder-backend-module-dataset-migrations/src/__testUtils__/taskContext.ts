import { mockServices } from '@backstage/backend-test-utils';
import { JsonObject, JsonValue } from '@backstage/types';
import { ActionContext } from '@backstage/plugin-scaffolder-node';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';

/** What the scaffolder keeps of a task between two runs of it. */
export type TaskState = Map<string, JsonValue | void>;

/**
 * The context of a step, with checkpoints as the scaffolder has them: what an
 * earlier run has written is not done again.
 */
export function taskContext<TInput extends JsonObject>(
  input: TInput,
  options: {
    state?: TaskState;
    signal?: AbortSignal;
    isDryRun?: boolean;
  } = {},
) {
  const { state = new Map(), ...rest } = options;
  const earlier = new Map(state);
  const logger = mockServices.logger.mock();
  const outputs: Record<string, any> = {};
  const ctx: ActionContext<any, any> = {
    ...createMockActionContext({ input }),
    ...rest,
    logger,
    workspacePath: '/none',
    output: (name, value) => {
      outputs[String(name)] = value;
    },
    checkpoint: async ({ key, fn }) => {
      if (!earlier.has(key)) {
        state.set(key, await fn());
      }
      return state.get(key) as any;
    },
  };
  return {
    ctx,
    outputs,
    /** The log's lines of all levels. */
    lines: () =>
      [logger.info, logger.warn, logger.error].flatMap(method =>
        method.mock.calls.map(([message]) => String(message)),
      ),
  };
}
