import {
  AcceptedChange,
  describeChange,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { withdrawAcceptedChange } from '../database/operations/acceptedChanges/withdrawAcceptedChange';
import { appendEvent } from '../database/operations/events/appendEvent';
import {
  findOpenMigration,
  lockOpenMigration,
} from '../database/operations/migrations/findOpenMigration';
import { getMigration } from '../database/operations/migrations/getMigration';
import { transitionMigration } from '../database/operations/migrations/transitionMigration';
import { PipelineDependencies } from '../pipeline/types';
import { readAccepted } from '../planning/judgeAnswered';
import { withAccepted } from '../planning/withAccepted';
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
      await takeBack(trx, open.id, written);
    }
    return written;
  });
  if (migration) {
    deps.migrationChanged({ migrationId: migration.id, datasetRef });
  }
  return withdrawn;
}

/**
 * Has the plan of the migration say what is accepted now, and ends an override that was
 * given while the change was accepted: nobody decided to break whom it breaks. The job
 * that may be running goes on.
 *
 * @param id - of the migration, whose row the transaction has locked
 */
async function takeBack(
  trx: Knex.Transaction,
  id: string,
  accepted: AcceptedChange,
): Promise<void> {
  const record = await getMigration(trx, id);
  const { plan, override } = record;
  const ends = override !== undefined && override.at >= accepted.at;
  await transitionMigration(trx, record, {
    plan: withAccepted(plan, await readAccepted(trx, accepted.datasetRef)),
    ...(ends && { override: null }),
  });
  if (ends) {
    await appendEvent(trx, id, {
      message: `The override by ${override.by} counts no longer: it was given while that was accepted`,
    });
  }
}
