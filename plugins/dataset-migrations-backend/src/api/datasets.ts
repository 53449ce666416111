import { assertError } from '@backstage/errors';
import {
  Consumer,
  ConsumersResponse,
  ConsumerVerdict,
  datasetReadPermission,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { judgeConsumers } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { normalizeEntityRef } from '../datasets/entityRefs';
import { listDatasets, summarizeDatasets } from '../datasets/listDatasets';
import { DatasetRecord } from '../datasets/types';
import {
  ApiContext,
  ApiRouter,
  callerOf,
  readableDataset,
  refInPath,
} from './ApiContext';
import { askStore } from './askStore';

/** Datasets, their versions and their consumers. */
export function addDatasetRoutes(router: ApiRouter, context: ApiContext): void {
  const { knex, authorizer, directory, engines } = context;

  router.get('/datasets', async (req, res) => {
    const credentials = await callerOf(context, req);
    const scope = await authorizer.scope(credentials, datasetReadPermission);
    const { owner, ...query } = req.query;
    const request = {
      ...query,
      owner: owner && normalizeEntityRef(owner, 'owner'),
    };
    res.json({
      ...(await listDatasets(knex, request, scope)),
      engines: engines.ids().sort(),
    });
  });

  router.get('/datasets/:kind/:namespace/:name', async (req, res) => {
    const ref = refInPath(req.params);
    const credentials = await callerOf(context, req);
    const dataset = await readableDataset(context, credentials, ref);
    const [summary] = await summarizeDatasets(knex, [dataset]);
    res.json({
      ...summary,
      contracts: dataset.contracts,
      ...(await askStore(engines, dataset)),
    });
  });

  router.get('/datasets/:kind/:namespace/:name/consumers', async (req, res) => {
    const ref = refInPath(req.params);
    const credentials = await callerOf(context, req);
    const dataset = await readableDataset(context, credentials, ref);
    const consumers = await directory.getConsumers(ref);
    const { targetVersion, limit } = req.query;
    const judged = await judge(context, dataset, consumers, targetVersion);
    res.json({ ...judged, items: judged.items.slice(0, limit) });
  });
}

async function judge(
  { controlPlane }: ApiContext,
  dataset: DatasetRecord,
  consumers: Consumer[],
  asked?: string,
): Promise<ConsumersResponse> {
  const { entityRef, currentVersion, nextVersion } = dataset;
  const targetVersion = asked ?? nextVersion;
  if (targetVersion === undefined) {
    const toVersion = currentVersion ?? '0.0.0';
    return answer(
      judgeConsumers({ consumers, changes: [], toVersion }),
      currentVersion,
    );
  }
  try {
    const { fromVersion, verdicts } = await controlPlane.planner.judge(
      entityRef,
      targetVersion,
      consumers,
    );
    return answer(verdicts, fromVersion, targetVersion);
  } catch (error) {
    assertError(error);
    if (asked !== undefined) {
      throw error;
    }
    // Nobody asked for that version: the consumers are shown all the same.
    const reasons = [`There is no plan for ${targetVersion}: ${error.message}`];
    return answer(
      consumers.map(consumer => ({
        consumer,
        verdict: 'unknown',
        reasons,
        touchedBy: [],
        blocking: true,
      })),
      currentVersion,
      targetVersion,
    );
  }
}

function answer(
  items: ConsumerVerdict[],
  fromVersion?: string,
  targetVersion?: string,
): ConsumersResponse {
  const counts = { ready: 0, breaks: 0, unknown: 0 };
  for (const { verdict } of items) {
    counts[verdict] += 1;
  }
  return { fromVersion, targetVersion, items, counts };
}
