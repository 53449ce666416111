import { datasetReadPermission } from '@skein/backstage-plugin-dataset-migrations-common';
import { normalizeEntityRef } from '../datasets/entityRefs';
import { listDatasets, summarizeDatasets } from '../datasets/listDatasets';
import {
  ApiContext,
  ApiRouter,
  callerOf,
  readableDataset,
  refInPath,
} from './ApiContext';
import { askStore } from './askStore';
import { judgeFor } from './judgeFor';

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
    const { response } = await judgeFor(
      context,
      dataset,
      consumers,
      targetVersion,
    );
    res.json({ ...response, items: response.items.slice(0, limit) });
  });
}
