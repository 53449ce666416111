import { judgedPlanOf } from '../planning/judge';
import { judgeAnswered, readAccepted } from '../planning/judgeAnswered';
import { StageFunction } from './types';

/**
 * Asks the catalog who reads the dataset, and keeps what it said as evidence. Of the
 * dataset itself it asks at once, for the stage that follows.
 */
export const discover: StageFunction = async ({ deps, record }) => {
  const { datasetRef } = record;
  const askedCatalogAt = performance.now();
  const { dataset, consumers } =
    await deps.directory.refreshDatasetAndConsumers(datasetRef, {
      sources: true,
    });
  const accepted = await readAccepted(deps.knex, datasetRef);
  const { plan, verdicts } = await judgeAnswered(deps.knex, {
    ...judgedPlanOf(record),
    datasetRef,
    consumers,
    accepted,
    strict: deps.settings.strictConstraints,
  });
  return {
    kind: 'next',
    stage: 'validate',
    carried: { dataset, consumers, accepted },
    askedCatalogAt,
    patch: { plan, verdicts },
    announce: 'announced',
    message:
      consumers.length === 1
        ? 'Found 1 consumer'
        : `Found ${consumers.length} consumers`,
  };
};
