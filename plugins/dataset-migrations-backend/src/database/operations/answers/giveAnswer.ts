import { AcknowledgeRequest } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { storableJson, storableText } from '../../../datasets/storableJson';

/** An answer before it is written. */
export interface NewAnswer {
  datasetRef: string;
  version: string;
  consumerRef: string;
  answer: AcknowledgeRequest['answer'];
  date?: Date;
  reason?: string;
  concerns: string[];
  /** The version range that the consumer declares now. */
  constraint?: string;
  by: string;
}

/**
 * Writes what the owner of a consumer answers, in place of what was answered
 * before.
 *
 * @returns false when the consumer reads the dataset no longer; nothing is written
 */
export async function giveAnswer(
  trx: Knex.Transaction,
  answer: NewAnswer,
): Promise<boolean> {
  const about = {
    dataset_ref: answer.datasetRef,
    consumer_ref: answer.consumerRef,
  };
  // Two answers at the same moment come one after the other.
  const consumer = await trx('consumers')
    .where(about)
    .forUpdate()
    .first('consumer_ref');
  if (!consumer) {
    return false;
  }
  const key = { ...about, version: answer.version };
  await trx('consumer_answers')
    .where({ ...key, superseded_at: null })
    .update({ superseded_at: trx.fn.now() });
  await trx('consumer_answers').insert({
    ...key,
    answer: answer.answer,
    date: answer.date ?? null,
    reason: answer.reason === undefined ? null : storableText(answer.reason),
    concerns: storableJson(answer.concerns),
    version_constraint: answer.constraint ?? null,
    given_by: answer.by,
  });
  return true;
}
