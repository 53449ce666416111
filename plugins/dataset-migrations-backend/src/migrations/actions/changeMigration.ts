import { isDatabaseConflictError } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import {
  MigrationAction,
  MigrationState,
  Stage,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import {
  MigrationPatch,
  MigrationRecord,
} from '../../database/MigrationRecord';
import { appendEvent } from '../../database/operations/events/appendEvent';
import { assertNoActiveMigration } from '../../database/operations/migrations/assertNoActiveMigration';
import { getMigration } from '../../database/operations/migrations/getMigration';
import { transitionMigration } from '../../database/operations/migrations/transitionMigration';
import { createStages } from '../../database/operations/stages/createStages';
import { Initiator } from '../../permissions/initiators';
import { enqueueAdvance } from '../../pipeline/enqueueAdvance';
import { actionsFor } from '../actionsFor';
import { ActionDependencies } from './dependencies';

/** What an action makes of a migration. */
export interface MigrationChange {
  patch: Omit<MigrationPatch, 'id' | 'sequence' | 'createdAt' | 'state'> & {
    state?: MigrationState;
  };
  /** Stages that are to run, or run again. */
  stages?: readonly Stage[];
  /** For the log; who did it is added. */
  message: string;
  /** More that belongs to the transaction. */
  inTransaction?(trx: Knex.Transaction, next: MigrationRecord): Promise<void>;
}

/**
 * Changes a migration on behalf of a person: checks that its state allows the
 * action, and enqueues the job that carries it out, in one transaction. The job
 * that may be running is left behind by the sequence and ends by itself.
 *
 * Whoever makes a migration go on answers for it: before it leaves `blocked` by
 * itself, it is they who must still be permitted.
 *
 * @throws NotFoundError; ConflictError when the state does not allow it, or when
 *   another migration holds the dataset by now
 */
export async function changeMigration(
  deps: ActionDependencies,
  options: { id: string; action: MigrationAction; by: Initiator },
  change: (record: MigrationRecord) => MigrationChange,
): Promise<MigrationRecord> {
  const { id, action, by } = options;
  const before = await getMigration(deps.knex, id);
  try {
    const changed = await deps.knex.transaction(async trx => {
      const record = await getMigration(trx, id, { lock: true });
      assertAllowed(record, action);
      const { patch, stages, message, inTransaction } = change(record);
      const next = await transitionMigration(trx, record, {
        ...patch,
        initiator: by,
        sequence: record.sequence + 1,
      });
      if (stages) {
        await createStages(trx, [id], stages);
      }
      await appendEvent(trx, id, { message: `${message}, by ${by.subject}` });
      await inTransaction?.(trx, next);
      await enqueueAdvance(deps.queue, trx, next);
      return next;
    });
    deps.migrationChanged({ migrationId: id, datasetRef: changed.datasetRef });
    return changed;
  } catch (error) {
    if (isDatabaseConflictError(error)) {
      await assertNoActiveMigration(deps.knex, before);
    }
    throw error;
  }
}

/** @throws ConflictError when the state of a migration does not allow an action */
export function assertAllowed(
  record: MigrationRecord,
  action: MigrationAction,
): void {
  const allowed = actionsFor(record);
  if (!allowed.includes(action)) {
    const stage = record.stage ? ` at stage ${record.stage}` : '';
    throw new ConflictError(
      `Migration ${record.id} is ${
        record.state
      }${stage}, which does not allow '${action}'; possible is: ${
        allowed.join(', ') || 'nothing'
      }`,
    );
  }
}
