import {
  AcceptedChange,
  Consumer,
  ConsumerVerdict,
  MigrationPlan,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { listAcceptedChanges } from '../database/operations/acceptedChanges/listAcceptedChanges';
import { listAnswers } from '../database/operations/answers/listAnswers';
import { judge, JudgedPlan } from './judge';
import { withAccepted } from './withAccepted';

/**
 * Judges consumers of a dataset by one plan, by what is accepted of its changes, and by
 * what their owners answered.
 *
 * @param options.accepted - of the dataset, where that is read already
 * @returns besides the verdicts the plan that they are of: with what is accepted now
 */
export async function judgeAnswered(
  knex: Knex,
  options: JudgedPlan & {
    datasetRef: string;
    consumers: Consumer[];
    strict: boolean;
    accepted?: readonly AcceptedChange[];
  },
): Promise<{ plan: MigrationPlan; verdicts: ConsumerVerdict[] }> {
  const { datasetRef, consumers } = options;
  const refs = consumers.map(({ entityRef }) => entityRef);
  const [accepted, answers] = await Promise.all([
    options.accepted ?? readAccepted(knex, datasetRef),
    refs.length > 0
      ? listAnswers(knex, datasetRef, options.plan.toVersion, refs)
      : new Map(),
  ]);
  const plan = withAccepted(options.plan, accepted);
  return { plan, verdicts: judge({ ...options, plan, answers }) };
}

/** What is accepted of the changes of one dataset, between whichever versions. */
export async function readAccepted(
  knex: Knex,
  datasetRef: string,
): Promise<AcceptedChange[]> {
  return (await listAcceptedChanges(knex, [datasetRef])).get(datasetRef) ?? [];
}
