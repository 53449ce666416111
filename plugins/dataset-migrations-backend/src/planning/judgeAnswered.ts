import {
  AcceptedChange,
  Consumer,
  ConsumerVerdict,
  MigrationPlan,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { GivenAnswer } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Knex } from 'knex';
import { listAcceptedChanges } from '../database/operations/acceptedChanges/listAcceptedChanges';
import { listAnswers } from '../database/operations/answers/listAnswers';
import { judge, JudgedPlan } from './judge';
import { withAccepted } from './withAccepted';

/** What people said about the way of a dataset to a version. */
export interface Said {
  /** Of the dataset, between whichever versions. */
  accepted: readonly AcceptedChange[];
  /** About the version, by entity ref of the consumer; see `listAnswers`. */
  answers: ReadonlyMap<string, GivenAnswer>;
}

/**
 * Judges consumers of a dataset by one plan, by what is accepted of its changes, and by
 * what their owners answered.
 *
 * @param options.accepted - where that is read already
 * @param options.answers - of these consumers, where they are read already
 * @returns besides the verdicts the plan that they are of: with what is accepted now
 */
export async function judgeAnswered(
  knex: Knex,
  options: JudgedPlan &
    Partial<Said> & {
      datasetRef: string;
      consumers: Consumer[];
      strict: boolean;
    },
): Promise<{ plan: MigrationPlan; verdicts: ConsumerVerdict[] }> {
  const { datasetRef, consumers } = options;
  const refs = consumers.map(({ entityRef }) => entityRef);
  const [accepted, answers] = await Promise.all([
    options.accepted ?? readAccepted(knex, datasetRef),
    options.answers ??
      (refs.length > 0
        ? listAnswers(knex, datasetRef, options.plan.toVersion, refs)
        : new Map()),
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
