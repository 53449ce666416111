import { InputError } from '@backstage/errors';
import {
  AcceptChangeRequest,
  AcceptedChange,
  describeChange,
  fieldOf,
  gradeOf,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { writeAcceptedChange } from '../database/operations/acceptedChanges/writeAcceptedChange';
import { appendEvent } from '../database/operations/events/appendEvent';
import { countTold } from '../database/operations/migrations/countTold';
import { lockOpenMigration } from '../database/operations/migrations/findOpenMigration';
import { transitionMigration } from '../database/operations/migrations/transitionMigration';
import { PipelineDependencies } from '../pipeline/types';
import { concernedBy, judgedPlanOf } from '../planning/judge';
import { judgeAnswered } from '../planning/judgeAnswered';
import { findChange } from './findChange';
import { Upcoming } from './types';

/**
 * Writes that a change is accepted, and a line in the log of the migration that makes
 * it. Whom it concerns is told of that at once where there is one, and else when one is
 * announced.
 *
 * @throws see `ReadinessService.acceptChange`
 */
export async function acceptChange(
  deps: PipelineDependencies,
  options: {
    datasetRef: string;
    request: AcceptChangeRequest;
    /** Who accepts it. */
    by: string;
    upcoming: Upcoming;
  },
): Promise<AcceptedChange> {
  const { datasetRef, request, by, upcoming } = options;
  const { plan } = upcoming.plan;
  const change = findChange(plan, request);
  const reason = request.reason.trim();
  if (!reason) {
    throw new InputError(`reason must say why, it was '${request.reason}'`);
  }
  const accepted = await deps.knex.transaction(async trx => {
    const open =
      upcoming.migration &&
      (await lockOpenMigration(trx, upcoming.migration.id));
    const written = await writeAcceptedChange(trx, {
      datasetRef,
      fromVersion: plan.fromVersion,
      toVersion: plan.toVersion,
      rule: change.rule,
      object: change.object,
      field: fieldOf(change),
      summary: change.summary,
      effect: gradeOf(change),
      reason,
      by,
    });
    if (open) {
      await appendEvent(trx, open.id, {
        message: `Accepted: ${describeChange(written)}: ${reason}, by ${by}`,
      });
      await takeUp(deps, trx, open.id, written);
    }
    return written;
  });
  if (upcoming.migration) {
    deps.migrationChanged({ migrationId: upcoming.migration.id, datasetRef });
  }
  return accepted;
}

/** Has the plan of the migration say what is accepted now, and tells whom it concerns. */
async function takeUp(
  { directory, outbox, settings }: PipelineDependencies,
  trx: Knex.Transaction,
  migrationId: string,
  { id, datasetRef }: AcceptedChange,
): Promise<void> {
  const record = await countTold(trx, migrationId);
  const judged = judgedPlanOf(record);
  const consumers = await directory.getConsumers(datasetRef, { trx });
  const { plan, verdicts } = await judgeAnswered(trx, {
    ...judged,
    datasetRef,
    consumers,
    strict: settings.strictConstraints,
  });
  const next = await transitionMigration(trx, record, { plan });
  const concerned = consumers.filter(
    concernedBy({ ...judged, plan }, ({ accepted }) => accepted?.id === id),
  );
  if (concerned.length > 0) {
    await outbox.announce(
      trx,
      'change-accepted',
      { ...next, verdicts },
      concerned,
    );
  }
}
