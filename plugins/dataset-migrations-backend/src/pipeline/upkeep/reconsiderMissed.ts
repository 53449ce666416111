import { assertError } from '@backstage/errors';
import { MigrationRecord } from '../../database/MigrationRecord';
import { listMovedSince } from '../../database/operations/answers/listMovedSince';
import { PipelineDependencies } from '../types';
import { reconsiderBlocked } from './reconsiderBlocked';

/**
 * Hears what was said while a stage judged: an answer, or a change in the catalog,
 * that came before the migration was blocked found nothing to let go on. One that is
 * missed all the same, as the process died here, is brought by the look at all.
 *
 * @param record - as the stage left it
 */
export async function reconsiderMissed(
  deps: PipelineDependencies,
  record: MigrationRecord,
): Promise<void> {
  const { datasetRef, stage } = record;
  if (record.state !== 'blocked' || !stage) {
    return;
  }
  try {
    const consumerRefs = await listMovedSince(deps.knex, record, stage);
    if (consumerRefs.length > 0) {
      await reconsiderBlocked(deps, { datasetRef, consumerRefs });
    }
  } catch (error) {
    assertError(error);
    // The job is done, whatever becomes of this.
    deps.logger.warn(
      `Could not reconsider migration ${record.id}: ${error.message}`,
    );
  }
}
