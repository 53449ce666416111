import { ActionContext } from '@backstage/plugin-scaffolder-node';
import {
  Migration,
  MigrationState,
  StartMigrationRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { BackendCalls } from '../backend/BackendCalls';

/** A task that is run again wants another migration after one of these. */
const GIVEN_UP: readonly MigrationState[] = ['cancelled', 'rolled-back'];

/**
 * Starts the migration of a step, or finds the one that an earlier run of the
 * same step has started: by the checkpoint, or, if the scaffolder died before
 * writing that, by the idempotency key. A migration that failed is retried
 * where it failed; one that was cancelled or rolled back is followed by a new
 * one.
 *
 * @throws ConflictError when another migration of the dataset is active,
 *   whoever started it: a step never adopts what it did not start
 */
export async function startMigration(
  ctx: Pick<ActionContext<any>, 'task' | 'step' | 'checkpoint' | 'logger'>,
  backend: BackendCalls,
  request: StartMigrationRequest,
): Promise<Migration> {
  for (let attempt = 1; ; attempt++) {
    const idempotencyKey = keyOf(ctx, request, attempt);
    let startedNow = false;
    const id = await ctx.checkpoint({
      key: `started.${request.datasetRef}.${request.targetVersion}.${attempt}`,
      fn: async () => {
        startedNow = true;
        const { id: started } = await backend.asInitiator((api, options) =>
          api.startMigration(request, { ...options, idempotencyKey }),
        );
        return started;
      },
    });
    const migration = await backend.asScaffolder((api, options) =>
      api.getMigration(id, options),
    );
    if (GIVEN_UP.includes(migration.state)) {
      ctx.logger.info(`Migration ${id} was ${migration.state}; starting anew`);
      continue;
    }
    if (migration.state === 'failed' && !startedNow) {
      ctx.logger.info(`Retrying migration ${id}, which failed`);
      return backend.asInitiator((api, options) =>
        api.retryMigration(id, options),
      );
    }
    return migration;
  }
}

/**
 * The same for every run of the step, another for every iteration of `each`.
 * Percent-encoded, as it travels in a header.
 */
function keyOf(
  { task, step }: Pick<ActionContext<any>, 'task' | 'step'>,
  { datasetRef, targetVersion }: StartMigrationRequest,
  attempt: number,
): string {
  return ['scaffolder', task.id, step?.id ?? '', datasetRef, targetVersion]
    .map(encodeURIComponent)
    .concat(String(attempt))
    .join('/');
}
