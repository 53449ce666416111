import { Engine } from '@skein/backstage-plugin-dataset-migrations-node';
import { locationsOf } from '../../database/locations';
import { MigrationRecord } from '../../database/MigrationRecord';
import { transitionMigration } from '../../database/operations/migrations/transitionMigration';
import { acquireLease } from '../../leases/acquireLease';
import { releaseLease } from '../../leases/releaseLease';
import { engineRuns, PartRun } from '../engineRun';
import { PipelineDependencies } from '../types';

/**
 * Works on what a migration has beside the data while no job of its own does.
 *
 * @param work - gets the migration as it was when the lease was taken, which
 *   is the state that it may still be changed from
 * @throws SupersededError when somebody asked something of it this moment;
 *   LeaseHeldError
 */
export async function withLease<T>(
  deps: PipelineDependencies,
  record: MigrationRecord,
  signal: AbortSignal,
  work: (held: {
    engine: Engine;
    runs: PartRun[];
    record: MigrationRecord;
  }) => Promise<T>,
): Promise<T> {
  const { knex, workerId } = deps;
  const { lease, held } = await knex.transaction(async trx => {
    // A retry or a roll back may have been asked for this moment.
    const current = await transitionMigration(trx, record, {});
    const token = await acquireLease(trx, {
      locationKeys: locationsOf(record).map(({ key }) => key),
      migrationId: record.id,
      holder: workerId,
    });
    return { lease: token, held: current };
  });
  try {
    const engine = deps.engines.get(record.location.engine);
    const runs = engineRuns(deps, {
      record: held,
      fence: lease.token,
      signal,
      logger: deps.logger.child({ migration: record.id }),
    });
    for (const { run } of runs) {
      await engine.fence(run);
    }
    return await work({ engine, runs, record: held });
  } finally {
    await releaseLease(knex, lease);
  }
}
