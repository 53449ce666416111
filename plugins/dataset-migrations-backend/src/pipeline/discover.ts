import { judgedPlanOf } from '../planning/judge';
import { judgeAnswered } from '../planning/judgeAnswered';
import { StageFunction } from './types';

/** Asks the catalog who reads the dataset, and keeps what it said as evidence. */
export const discover: StageFunction = async ({ deps, record }) => {
  const consumers = await deps.directory.refreshConsumers(record.datasetRef, {
    sources: true,
  });
  const { plan, verdicts } = await judgeAnswered(deps.knex, {
    ...judgedPlanOf(record),
    datasetRef: record.datasetRef,
    consumers,
    strict: deps.settings.strictConstraints,
  });
  return {
    kind: 'next',
    stage: 'validate',
    carried: { consumers },
    patch: { plan, verdicts },
    announce: 'announced',
    message:
      consumers.length === 1
        ? 'Found 1 consumer'
        : `Found ${consumers.length} consumers`,
  };
};
