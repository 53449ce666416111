import { assertError } from '@backstage/errors';
import { DatabasePreflightService } from '../preflights/DatabasePreflightService';
import { JobContext, JobHandler, JobPayload } from '../queue/types';
import { advance } from './advance';
import { failDead } from './failDead';
import { isPermanent } from './failures';
import { PipelineDependencies } from './types';

/** Gives every job to whoever it is for. */
export function createJobHandlers(options: {
  pipeline: PipelineDependencies;
  preflights: DatabasePreflightService;
}): {
  onJob: JobHandler;
  onDead: (payload: JobPayload, error: string) => Promise<void>;
} {
  const { pipeline, preflights } = options;
  const { telemetry, outbox } = pipeline;

  async function preflight(id: string, { signal }: JobContext): Promise<void> {
    try {
      await preflights.run(id, signal);
    } catch (error) {
      assertError(error);
      signal.throwIfAborted();
      if (!isPermanent(error)) {
        throw error;
      }
      await preflights.fail(id, error.message);
    }
  }

  function run(payload: JobPayload, context: JobContext): Promise<void> {
    switch (payload.task) {
      case 'advance':
        return advance(pipeline, payload, context);
      case 'preflight':
        return preflight(payload.preflightId, context);
      case 'deliver':
        return outbox.deliver(payload.deliveryId, context);
      default:
        throw new Error(`Unknown job ${JSON.stringify(payload)}`);
    }
  }

  return {
    onJob: (payload, context) =>
      telemetry.job(payload.task, () => run(payload, context)),

    async onDead(payload, error) {
      switch (payload.task) {
        case 'advance':
          return failDead(pipeline, payload, error);
        case 'preflight':
          return preflights.fail(payload.preflightId, error);
        case 'deliver':
          return outbox.markDead(payload.deliveryId, error);
        default:
          throw new Error(`Unknown job ${JSON.stringify(payload)}`);
      }
    },
  };
}
