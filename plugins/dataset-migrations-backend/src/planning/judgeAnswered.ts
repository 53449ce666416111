import {
  Consumer,
  ConsumerVerdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { listAnswers } from '../database/operations/answers/listAnswers';
import { judge, JudgedPlan } from './judge';

/** Judges consumers of a dataset by one plan and by what their owners answered. */
export async function judgeAnswered(
  knex: Knex,
  options: JudgedPlan & {
    datasetRef: string;
    consumers: Consumer[];
    strict: boolean;
  },
): Promise<ConsumerVerdict[]> {
  const { datasetRef, plan, consumers } = options;
  if (consumers.length === 0) {
    return [];
  }
  const answers = await listAnswers(
    knex,
    datasetRef,
    plan.toVersion,
    consumers.map(({ entityRef }) => entityRef),
  );
  return judge({ ...options, answers });
}
