import { judge } from '../planning/judge';
import { StageFunction } from './types';

/** Asks the catalog who reads the dataset, and keeps what it said as evidence. */
export const discover: StageFunction = async ({ deps, record }) => {
  const consumers = await deps.directory.refreshConsumers(record.datasetRef);
  const verdicts = judge({
    plan: record.plan,
    from: record.sourceContract,
    to: record.targetContract,
    consumers,
    strict: deps.settings.strictConstraints,
  });
  return {
    kind: 'next',
    stage: 'validate',
    carried: { consumers },
    patch: { verdicts },
    announce: 'announced',
    message:
      consumers.length === 1
        ? 'Found 1 consumer'
        : `Found ${consumers.length} consumers`,
  };
};
