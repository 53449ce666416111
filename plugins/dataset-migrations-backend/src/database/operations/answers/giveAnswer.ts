import { AcknowledgeRequest } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { isDeepStrictEqual } from 'node:util';
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
 * @returns `same` when that says all of it already, or there is nothing to take back,
 *   and `unread` when the consumer reads the dataset no longer; nothing is written
 */
export async function giveAnswer(
  trx: Knex.Transaction,
  answer: NewAnswer,
): Promise<'given' | 'same' | 'unread'> {
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
    return 'unread';
  }
  const current = { ...about, version: answer.version, superseded_at: null };
  const said = {
    answer: answer.answer,
    date: answer.date ?? null,
    reason: answer.reason === undefined ? null : storableText(answer.reason),
    concerns: storableJson(answer.concerns),
    version_constraint: answer.constraint ?? null,
    given_by: answer.by,
  };
  const before = await trx('consumer_answers')
    .where(current)
    .first(Object.keys(said));
  if (
    (before?.answer ?? 'withdrawn') === 'withdrawn' &&
    said.answer === 'withdrawn'
  ) {
    return 'same';
  }
  if (
    isDeepStrictEqual(before && { ...before }, {
      ...said,
      concerns: JSON.parse(said.concerns),
    })
  ) {
    return 'same';
  }
  await trx('consumer_answers')
    .where(current)
    .update({ superseded_at: trx.fn.now() });
  await trx('consumer_answers').insert({
    ...about,
    version: answer.version,
    ...said,
  });
  return 'given';
}
