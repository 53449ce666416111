import { assertError } from '@backstage/errors';
import { Knex } from 'knex';
import { MigrationRecord } from '../../database/MigrationRecord';
import { appendEvent } from '../../database/operations/events/appendEvent';
import { countTold } from '../../database/operations/migrations/countTold';
import {
  listRemindable,
  lockRemindable,
} from '../../database/operations/migrations/remindable';
import { judgeAwaited } from '../../readiness/judgeAwaited';
import { PipelineDependencies } from '../types';

/**
 * Reminds of deadlines that come near, once for each of the configured times before
 * them, whoever is not ready by then. Where several of these times have passed since
 * consumers were told last, they are reminded once.
 */
export async function remindConsumers(
  deps: PipelineDependencies,
  signal: AbortSignal,
): Promise<void> {
  const due = await listRemindable(deps.knex, deps.remindBeforeSeconds);
  for (const { id } of due) {
    signal.throwIfAborted();
    try {
      const reminded = await deps.knex.transaction(trx =>
        remind(deps, trx, id),
      );
      if (reminded) {
        const { datasetRef } = reminded;
        deps.migrationChanged({ migrationId: id, datasetRef });
      }
    } catch (error) {
      assertError(error);
      // One of them must not keep the others.
      deps.logger.warn(
        `Could not remind the consumers of migration ${id}: ${error.message}`,
      );
    }
  }
}

/** @returns undefined when there was nobody to be reminded */
async function remind(
  deps: PipelineDependencies,
  trx: Knex.Transaction,
  id: string,
): Promise<MigrationRecord | undefined> {
  const record = await lockRemindable(trx, id, deps.remindBeforeSeconds);
  if (!record) {
    return undefined;
  }
  // Also where nobody is to be told: whoever comes later is, by the next reminder.
  const next = await countTold(trx, id, { ofDeadline: true });
  const { plan, verdicts, awaited } = await judgeAwaited(deps, record, { trx });
  if (awaited.length === 0) {
    return undefined;
  }
  await appendEvent(trx, id, {
    message: `${
      awaited.length === 1 ? '1 consumer' : `${awaited.length} consumers`
    } reminded of the deadline ${record.deadline!.toISOString()}`,
  });
  await deps.outbox.announce(
    trx,
    'reminder',
    { ...next, plan, verdicts },
    awaited,
  );
  return next;
}
