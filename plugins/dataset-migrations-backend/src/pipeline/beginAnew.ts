import { Stage } from '@skein/backstage-plugin-dataset-migrations-common';
import { SourceChangedError } from '@skein/backstage-plugin-dataset-migrations-node';
import { Knex } from 'knex';
import { MigrationRecord } from '../database/MigrationRecord';
import { listStages } from '../database/operations/stages/listStages';
import { withoutSecrets } from '../secrets/withoutSecrets';
import { StageOutcome, Work } from './types';

/** Where a source that changed makes what was copied worthless. */
const copying: readonly Work[] = [
  'transform',
  'verify',
  'cut-over',
] satisfies Stage[];

/** A source that changes again and again is left to a person. */
const TRIES = 3;

/**
 * A source that was emptied, rewritten or altered while it was copied is copied
 * anew: nobody has to wake up for it.
 *
 * @returns undefined for any other error, and when it happened too often
 */
export async function beginAnew(
  knex: Knex,
  record: MigrationRecord,
  work: Work,
  error: Error,
): Promise<StageOutcome | undefined> {
  if (error.name !== SourceChangedError.name || !copying.includes(work)) {
    return undefined;
  }
  const stages = await listStages(knex, record.id);
  const tries = stages.find(({ stage }) => stage === 'lock')?.attempts ?? 0;
  return tries < TRIES
    ? {
        kind: 'next',
        stage: 'lock',
        message: `Begins anew: ${withoutSecrets(error.message)}`,
      }
    : undefined;
}
