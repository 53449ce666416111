import { assertError } from '@backstage/errors';
import { fromMigrationRow } from '../../database/MigrationRecord';
import {
  findDuePeriod,
  takePeriod,
} from '../../database/operations/digests/digestPeriods';
import { awaitingMigrations } from '../../database/operations/migrations/awaiting';
import { AwaitingMigration } from '../../notifications/types';
import { judgeAwaited } from '../../readiness/judgeAwaited';
import { PipelineDependencies } from '../types';

/**
 * Tells each owner of consumers once in a period which datasets wait for them, and
 * nobody else. They are judged before anything is locked; the period is taken, and what
 * is told of it written, in one transaction.
 *
 * @throws when nothing could be judged, so that it is tried again
 */
export async function tellDigests(
  deps: PipelineDependencies,
  everySeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const { knex, outbox } = deps;
  const periodStart = await findDuePeriod(knex, everySeconds);
  if (!periodStart) {
    return;
  }
  const byOwner = await awaitedByOwner(deps, signal);
  await knex.transaction(async trx => {
    const id = await takePeriod(trx, periodStart);
    if (id !== undefined) {
      await outbox.announceDigest(trx, id, byOwner);
    }
  });
}

/** What waits for whom, the nearest deadline first. */
async function awaitedByOwner(
  deps: PipelineDependencies,
  signal: AbortSignal,
): Promise<Map<string, AwaitingMigration[]>> {
  const ids: string[] = await awaitingMigrations(deps.knex)
    .orderByRaw('deadline NULLS LAST, dataset_ref')
    .pluck('id');
  const byOwner = new Map<string, AwaitingMigration[]>();
  let failed = 0;
  for (const id of ids) {
    signal.throwIfAborted();
    try {
      for (const [owner, awaiting] of await judge(deps, id)) {
        const others = byOwner.get(owner);
        if (others) {
          others.push(awaiting);
        } else {
          byOwner.set(owner, [awaiting]);
        }
      }
    } catch (error) {
      assertError(error);
      failed += 1;
      // One of them must not keep the others.
      deps.logger.warn(
        `Could not judge the consumers of migration ${id} for the digest: ${error.message}`,
      );
    }
  }
  if (failed > 0 && failed === ids.length) {
    throw new Error('No migration could be judged, so no digest is made yet');
  }
  return byOwner;
}

/** Of one migration; one at a time, as it comes with its contracts and verdicts. */
async function judge(
  deps: PipelineDependencies,
  id: string,
): Promise<Map<string, AwaitingMigration>> {
  const byOwner = new Map<string, AwaitingMigration>();
  const row = await awaitingMigrations(deps.knex).where({ id }).first();
  if (!row) {
    return byOwner;
  }
  const record = fromMigrationRow(row);
  const { datasetRef, toVersion, deadline } = record;
  const { awaited } = await judgeAwaited(deps, record);
  for (const { owner, entityRef } of awaited) {
    if (owner === undefined) {
      continue;
    }
    const awaiting = byOwner.get(owner);
    if (awaiting) {
      awaiting.consumers.push(entityRef);
    } else {
      byOwner.set(owner, {
        migrationId: id,
        datasetRef,
        toVersion,
        deadline,
        consumers: [entityRef],
      });
    }
  }
  return byOwner;
}
