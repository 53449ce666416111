import { Knex } from 'knex';
import { listAcceptedChanges } from '../database/operations/acceptedChanges/listAcceptedChanges';
import { listAnswersOf } from '../database/operations/answers/listAnswers';
import { Said } from '../planning/judgeAnswered';

/**
 * What one consumer is judged by besides plans, about all versions of all datasets at
 * once: what is accepted of their changes, and what its owner answered.
 *
 * @returns gives that of each of `about`
 */
export async function readSaid(
  knex: Knex,
  consumerRef: string,
  about: ReadonlyArray<{ datasetRef: string; version: string }>,
): Promise<(datasetRef: string, version: string) => Said> {
  const datasetRefs = new Set(about.map(({ datasetRef }) => datasetRef));
  const [accepted, answers] =
    about.length > 0
      ? await Promise.all([
          listAcceptedChanges(knex, [...datasetRefs]),
          listAnswersOf(knex, consumerRef, about),
        ])
      : [];
  return (datasetRef, version) => {
    const answer = answers?.get(datasetRef)?.get(version);
    return {
      accepted: accepted?.get(datasetRef) ?? [],
      answers: new Map(answer && [[consumerRef, answer]]),
    };
  };
}
