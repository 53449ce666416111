import { ConflictError } from '@backstage/errors';
import { Stage } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  SourceChangedError,
  VerificationError,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { MigrationRecord } from '../../database/MigrationRecord';
import { getMigration } from '../../database/operations/migrations/getMigration';
import { forwardStages } from '../../database/operations/stages/createStages';
import { Initiator } from '../../permissions/initiators';
import { changeMigration } from './changeMigration';
import { ActionDependencies } from './dependencies';

/** Failures that leave a shadow which no later stage could do with. */
const spoilsShadow = [SourceChangedError.name, VerificationError.name];

/** Goes on at the failed stage, or from the lock with a fresh shadow. */
export async function retryMigration(
  deps: ActionDependencies,
  id: string,
  by: Initiator,
): Promise<MigrationRecord> {
  await assertStillAtItsStart(deps, await getMigration(deps.knex, id));
  return changeMigration(deps, { id, action: 'retry', by }, record => {
    const stage = stageToRetry(record);
    return {
      patch: {
        state: 'queued',
        stage,
        error: null,
        finishedAt: null,
        cleanedUpAt: null,
      },
      stages: forwardStages.slice(forwardStages.indexOf(stage)),
      message: `Retried from ${stage}`,
    };
  });
}

function stageToRetry({ stage, error }: MigrationRecord): Stage {
  return error && spoilsShadow.includes(error.name)
    ? 'lock'
    : stage ?? 'discover';
}

/** Another migration may have taken the dataset further since the failure. */
async function assertStillAtItsStart(
  { directory }: ActionDependencies,
  { datasetRef, fromVersion, toVersion, stage }: MigrationRecord,
): Promise<void> {
  const { currentVersion } = await directory.refreshDataset(datasetRef);
  const expected = stage === 'notify' ? toVersion : fromVersion;
  if (currentVersion !== expected) {
    throw new ConflictError(
      `${datasetRef} is at version ${currentVersion}, no longer at ${expected}: start another migration`,
    );
  }
}
