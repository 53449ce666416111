import {
  AcceptedChange,
  describeChange,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { withdrawAcceptedChange } from '../database/operations/acceptedChanges/withdrawAcceptedChange';
import { appendEvent } from '../database/operations/events/appendEvent';
import {
  findOpenMigration,
  lockOpenMigration,
} from '../database/operations/migrations/findOpenMigration';
import { PipelineDependencies } from '../pipeline/types';
import { assertInTime } from './assertInTime';

/**
 * Takes back that a change is accepted, and says so in the log of the migration that
 * makes it. Whoever reads what changes stands in its way again, from its next judgement
 * on; that of a version which is published is over.
 *
 * @throws see `ReadinessService.withdrawChange`
 */
export async function withdrawChange(
  deps: PipelineDependencies,
  accepted: AcceptedChange,
  by: string,
): Promise<AcceptedChange> {
  const { datasetRef } = accepted;
  const found = await findOpenMigration(deps.knex, datasetRef);
  const migration =
    found?.fromVersion === accepted.fromVersion &&
    found.toVersion === accepted.toVersion
      ? found
      : undefined;
  const withdrawn = await deps.knex.transaction(async trx => {
    // A stage that is about to publish has begun, and then it is too late, or it
    // begins later, and judges without it.
    const open = migration && (await lockOpenMigration(trx, migration.id));
    if (open) {
      assertInTime(open, 'withdraw');
    }
    const written = await withdrawAcceptedChange(trx, accepted, by);
    if (open) {
      await appendEvent(trx, open.id, {
        message: `No longer accepted: ${describeChange(accepted)}, by ${by}`,
      });
    }
    return written;
  });
  if (migration) {
    deps.migrationChanged({ migrationId: migration.id, datasetRef });
  }
  return withdrawn;
}
