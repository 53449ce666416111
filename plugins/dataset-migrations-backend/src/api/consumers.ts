import { assertError } from '@backstage/errors';
import {
  ConsumedDataset,
  Consumer,
  ConsumerVerdict,
  DatasetSummary,
  datasetReadPermission,
} from '@skein/backstage-plugin-dataset-migrations-common';
import limiter from 'p-limit';
import { summarizeDatasets } from '../datasets/listDatasets';
import { ApiContext, ApiRouter, callerOf, refInPath } from './ApiContext';

/** An entity that reads more datasets than this is shown the first ones. */
const MAX_DATASETS = 200;
/** Plans made at a time for one request. */
const CONCURRENT_PLANS = 4;

/** What an entity reads. */
export function addConsumerRoutes(
  router: ApiRouter,
  context: ApiContext,
): void {
  const { knex, authorizer, consumers, datasets } = context;

  router.get('/consumers/:kind/:namespace/:name/datasets', async (req, res) => {
    const credentials = await callerOf(context, req);
    const scope = await authorizer.scope(credentials, datasetReadPermission);
    const consumed = await consumers.ofEntity(
      refInPath(req.params),
      MAX_DATASETS,
    );
    const found = await datasets.findAll(
      consumed.map(({ datasetRef }) => datasetRef),
      scope,
    );
    const summaries = await summarizeDatasets(knex, found);
    const byRef = new Map(summaries.map(one => [one.entityRef, one]));

    const limit = limiter(CONCURRENT_PLANS);
    const items = await Promise.all(
      consumed
        .filter(({ datasetRef }) => byRef.has(datasetRef))
        .map(({ datasetRef, consumer }) =>
          limit(() => describe(context, byRef.get(datasetRef)!, consumer)),
        ),
    );
    res.json({ items });
  });
}

async function describe(
  context: ApiContext,
  dataset: DatasetSummary,
  consumer: Consumer,
): Promise<ConsumedDataset> {
  return {
    dataset,
    constraint: consumer.constraint,
    fields: consumer.fields,
    evidence: consumer.evidence,
    unread: consumer.unread,
    complete: consumer.complete,
    scan: consumer.scan,
    verdict:
      dataset.nextVersion === undefined
        ? undefined
        : await judge(context, dataset, dataset.nextVersion, consumer),
  };
}

async function judge(
  { controlPlane }: ApiContext,
  dataset: DatasetSummary,
  targetVersion: string,
  consumer: Consumer,
): Promise<ConsumerVerdict> {
  try {
    const { verdicts } = await controlPlane.planner.judge(
      dataset.entityRef,
      targetVersion,
      [consumer],
    );
    return verdicts[0];
  } catch (error) {
    assertError(error);
    return {
      consumer,
      verdict: 'unknown',
      reasons: [`There is no plan for ${targetVersion}: ${error.message}`],
      touchedBy: [],
      blocking: true,
    };
  }
}
