import {
  Stage,
  StageRecord,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';

/**
 * @returns seconds since the stage's first slice, undefined when it did not run
 */
export async function finishStage(
  trx: Knex.Transaction,
  migrationId: string,
  stage: Stage,
  state: Exclude<StageRecord['state'], 'running'>,
): Promise<number | undefined> {
  const [row] = await trx('migration_stages')
    .where({ migration_id: migrationId, stage, state: 'running' })
    .update({ state, finished_at: trx.fn.now() })
    .returning(
      trx.raw(
        'extract(epoch FROM finished_at - started_at)::float8 AS seconds',
      ),
    );
  return row?.seconds;
}
