import {
  coreServices,
  createServiceFactory,
  createServiceRef,
  RootHealthService,
} from '@backstage/backend-plugin-api';
import { LivenessChecks } from './LivenessChecks';

/**
 * The checks of this process. For a health service of your own, which answers
 * 503 to a liveness probe while `problems()` has any.
 *
 * @public
 */
export const livenessChecksServiceRef = createServiceRef<LivenessChecks>({
  id: 'dataset-migrations.liveness-checks',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {},
      factory: () => new LivenessChecks(),
    }),
});

/**
 * The health service of the backend, with a liveness that is red (503) while
 * the queue cannot be worked: PostgreSQL does not answer it, or no jobs can be
 * asked for, for longer than `datasetMigrations.queue.livenessTimeout`. The
 * platform's own is green as long as the process answers. Readiness is as the
 * platform has it.
 *
 * @public
 */
export const rootHealthServiceFactory = createServiceFactory({
  service: coreServices.rootHealth,
  deps: {
    lifecycle: coreServices.rootLifecycle,
    checks: livenessChecksServiceRef,
  },
  factory({ lifecycle, checks }): RootHealthService {
    let notReady: string | undefined = 'Backend has not started yet';
    lifecycle.addStartupHook(() => {
      notReady = undefined;
    });
    lifecycle.addBeforeShutdownHook(() => {
      notReady = 'Backend is shutting down';
    });
    const answer = (problem: string | undefined) =>
      problem
        ? { status: 503, payload: { status: 'error', message: problem } }
        : { status: 200, payload: { status: 'ok' } };
    return {
      getLiveness: async () => answer(checks.problems().join('; ')),
      getReadiness: async () => answer(notReady),
    };
  },
});
